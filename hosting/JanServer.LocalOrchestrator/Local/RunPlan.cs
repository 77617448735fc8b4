using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Aspire.Hosting.Local;

/// <summary>Decides for each resource whether and how it runs here.</summary>
internal sealed class RunPlan
{
    private readonly Dictionary<IResource, string> _skipped = [];
    private readonly HashSet<IResource> _runOnce;
    private readonly HashSet<IResource> _external = [];

    private RunPlan(IResourceCollection resources, IConfiguration configuration)
    {
        var waits = resources.SelectMany(r => r.Annotations.OfType<WaitAnnotation>());
        _runOnce = [.. waits.Where(w => w.Kind == WaitKind.Completed).Select(w => w.Resource)];
        foreach (var resource in resources)
        {
            Decide(resource, configuration);
        }
    }

    public List<IResource> Running { get; } = [];

    public List<(IResource Replaced, IResource StandIn)> Replaced { get; } = [];

    public static RunPlan For(IResourceCollection resources, IConfiguration configuration) => new(resources, configuration);

    public ResourceStatus InitialStatus(IResource resource)
    {
        var status = new ResourceStatus(resource.Name, TypeOf(resource))
        {
            Parent = (resource as IResourceWithParent)?.Parent.Name,
            Urls = resource is IResourceWithEndpoints owner ? UrlsOf(owner) : [],
        };
        return (_skipped.GetValueOrDefault(resource), resource) switch
        {
            ({ } reason, _) => status with { IsSkipped = true, Reason = reason },
            (_, _) when _external.Contains(resource) =>
                status with { State = KnownResourceStates.Running, Health = HealthStatus.Healthy, Reason = "runs elsewhere" },
            (_, ParameterResource or ConnectionStringResource) =>
                status with { State = KnownResourceStates.Active, Health = HealthStatus.Healthy },
            _ => status,
        };
    }

    public ResourceRunner RunnerFor(IResource resource, RunContext context) => resource switch
    {
        PostgresServerResource server => new PostgresRunner(server, context),
        PostgresDatabaseResource database => new DatabaseRunner(database, context),
        _ => new ProcessRunner(resource, context, _runOnce.Contains(resource)),
    };

    private static string[] UrlsOf(IResourceWithEndpoints resource) =>
        [.. resource.Annotations.OfType<EndpointAnnotation>()
            .Where(e => e.Address is not null)
            .Select(e => new EndpointReference(resource, e.Name).Url)];

    private static string TypeOf(IResource resource) => resource switch
    {
        ConnectionStringResource => "ConnectionString",
        _ when resource.GetType().Name.EndsWith("Resource", StringComparison.Ordinal) => resource.GetType().Name[..^"Resource".Length],
        _ => resource.GetType().Name,
    };

    private void Decide(IResource resource, IConfiguration configuration)
    {
        switch (resource)
        {
            case ParameterResource or ConnectionStringResource:
                break;
            case PostgresServerResource server when configuration.GetConnectionString(server.Name) is { Length: > 0 } external:
                UseExternal(server, external);
                break;
            case PostgresServerResource:
                Running.Add(resource);
                break;
            case RedisResource when RedisServer.Program is not null:
                Running.Add(resource);
                break;
            case RedisResource:
                _skipped[resource] = "redis-server is not installed; services work without it, each replica for itself";
                break;
            case ContainerResource when Dependencies.Effective(resource) is var standIn && standIn != resource:
                _skipped[resource] = $"{standIn.Name} stands in for it";
                Replaced.Add((resource, standIn));
                break;
            case ContainerResource:
                _skipped[resource] = "a container; it runs with ASPIRE_HOSTING=official and where it is deployed";
                break;
            default:
                Running.Add(resource);
                break;
        }
    }

    private void UseExternal(PostgresServerResource server, string connectionString)
    {
        var parsed = new NpgsqlConnectionStringBuilder(connectionString);
        server.ExternalConnectionString = connectionString;
        _external.Add(server);
        foreach (var endpoint in server.Annotations.OfType<EndpointAnnotation>())
        {
            endpoint.Address = new(parsed.Host ?? "localhost", parsed.Port);
        }
    }
}
