using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Aspire.Hosting.Local.Dashboard;

internal sealed class ResourceEndpoints(RunContext context)
{
    private readonly Dictionary<string, IResource> _resources =
        context.Builder.Resources.ToDictionary(r => r.Name, StringComparer.OrdinalIgnoreCase);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/resources", (RequestDelegate)ListAsync);
        routes.MapGet("/api/resources/events", (RequestDelegate)FollowAsync);
        routes.MapGet("/api/resources/{name}", (RequestDelegate)DetailsAsync);
    }

    private Task ListAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        IReadOnlyList<ResourceView> views = [.. context.Monitor.Snapshot().Select(View)];
        return JsonSerializer.SerializeAsync(
            http.Response.Body, views, DashboardJson.Default.IReadOnlyListResourceView, http.RequestAborted);
    }

    private Task FollowAsync(HttpContext http) => EventStream.RunAsync(http, async (stream, ct) =>
    {
        // A change that a browser was too slow for is replaced by the next of the same resource: memory is bounded by the model,
        // and the monitor's channel is always drained.
        var latest = new ConcurrentDictionary<string, ResourceStatus>(StringComparer.Ordinal);
        var news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var drain = DrainAsync(latest, news.Writer, ct);
        await foreach (var _ in news.Reader.ReadAllAsync(ct))
        {
            List<ResourceView> changes = [];
            foreach (var name in latest.Keys)
            {
                if (latest.TryRemove(name, out var status))
                {
                    changes.Add(View(status));
                }
            }

            if (changes.Count > 0)
            {
                await stream.WriteAsync("resources", changes, DashboardJson.Default.IReadOnlyListResourceView, ct);
            }
        }

        await drain;
    });

    private async Task DrainAsync(
        ConcurrentDictionary<string, ResourceStatus> latest, ChannelWriter<bool> news, CancellationToken ct)
    {
        try
        {
            await foreach (var status in context.Monitor.WatchAsync(ct))
            {
                latest[status.Name] = status;
                news.TryWrite(true);
            }
        }
        finally
        {
            news.TryComplete();
        }
    }

    private async Task DetailsAsync(HttpContext http)
    {
        var name = (string)http.Request.RouteValues["name"]!;
        if (context.Monitor.Find(name) is not { } status || !_resources.TryGetValue(name, out var resource))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var (environment, problem) = status.IsSkipped ? ([], null) : await EnvironmentAsync(resource, http.RequestAborted);
        var details = new DetailsView(
            View(status),
            [.. Endpoints(resource)],
            [.. resource.Annotations.OfType<HttpHealthAnnotation>().Select(h => $"GET {h.Path} answers {h.StatusCode}")],
            environment,
            problem,
            Path.Combine(context.Builder.State.Logs, resource.Name + ".log"));
        http.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(http.Response.Body, details, DashboardJson.Default.DetailsView, http.RequestAborted);
    }

    private async Task<(IReadOnlyList<VariableView> Variables, string? Problem)> EnvironmentAsync(IResource resource, CancellationToken ct)
    {
        try
        {
            var variables = await ChildEnvironment.ResolveAsync(resource, context.Builder.ExecutionContext, ct);
            var mask = await SecretMask.ForAsync(context.Builder.Resources, ct);
            return ([.. variables.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => mask.Apply(v.Key, v.Value))], null);
        }
        catch (DistributedApplicationException exception)
        {
            return ([], exception.Message);
        }
    }

    private static IEnumerable<EndpointView> Endpoints(IResource resource) =>
        resource is not IResourceWithEndpoints owner
            ? []
            : resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.Address is not null)
                .Select(e => new EndpointView(e.Name, new EndpointReference(owner, e.Name).Url));

    private ResourceView View(ResourceStatus status) => new(
        status.Name,
        status.Type,
        status.State,
        status.Health?.ToString(),
        status.Reason,
        status.Urls,
        status.Parent,
        status.ProcessId,
        status.Restarts,
        status.StartedAt,
        status.ExitCode,
        status.IsSkipped,
        status.IsLate,
        _resources.TryGetValue(status.Name, out var resource)
            ? [.. Dependencies.Of(resource).DistinctBy(w => w.Resource.Name)
                .Select(w => new DependencyView(w.Resource.Name, Text(w.Kind)))]
            : []);

    private static string Text(WaitKind kind) => kind switch
    {
        WaitKind.Healthy => "healthy",
        WaitKind.Started => "started",
        _ => "finished",
    };
}
