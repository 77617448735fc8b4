using System.Collections;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

/// <summary>
/// The variables that a process gets: ours without what is meant for the AppHost, the conventional ones, then the model's.
/// </summary>
internal static class ChildEnvironment
{
    // What addresses the AppHost itself (its secrets, its own ports, the SDK that runs it) is not for the services.
    private static readonly string[] NotInherited =
    [
        "ConnectionStrings__", "Parameters__", "services__", "LocalOrchestrator__", "Ports__",
        "MSBuild", "ASPNETCORE_", "DOTNET_LAUNCH_PROFILE", "HTTP_PORTS", "HTTPS_PORTS", "URLS",
    ];

    public static async Task<Dictionary<string, string>> BuildAsync(
        IResource resource, DistributedApplicationBuilder builder, string runMark, CancellationToken ct)
    {
        var variables = Inherited();
        variables[ProcessWatch.MarkVariable] = runMark;
        if (resource is ProjectResource)
        {
            AddProjectDefaults(resource, builder.Environment.EnvironmentName, variables);
        }

        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.PortVariable is not null))
        {
            variables[endpoint.PortVariable!] = endpoint.Address!.Port.ToString(CultureInfo.InvariantCulture);
        }

        foreach (var (name, value) in await ResolveAsync(resource, builder.ExecutionContext, ct))
        {
            variables[name] = value;
        }

        return variables;
    }

    /// <summary>The model's variables; those whose value does not exist here (a container that does not run) are left out.</summary>
    public static async Task<IReadOnlyList<KeyValuePair<string, string>>> ResolveAsync(
        IResource resource, DistributedApplicationExecutionContext execution, CancellationToken ct)
    {
        var context = new EnvironmentCallbackContext(execution, cancellationToken: ct);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentAnnotation>())
        {
            await annotation.Apply(context);
        }

        List<KeyValuePair<string, string>> variables = [];
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            if (await ValueOfAsync(value, ct) is { } text)
            {
                variables.Add(new(name, text));
            }
        }

        return variables;
    }

    public static async Task<IReadOnlyList<string>> ArgumentsAsync(IResource resource, CancellationToken ct)
    {
        List<string> arguments = [];
        foreach (var value in resource.Annotations.OfType<ArgumentsAnnotation>().SelectMany(a => a.Values))
        {
            if (await ValueOfAsync(value, ct) is { } text)
            {
                arguments.Add(text);
            }
        }

        return arguments;
    }

    private static async ValueTask<string?> ValueOfAsync(object value, CancellationToken ct) => value switch
    {
        string text => text,
        IValueProvider provider => await provider.GetValueAsync(ct),
        _ => throw new InvalidOperationException($"A value of type {value.GetType().Name} cannot be given to a process."),
    };

    private static void AddProjectDefaults(IResource resource, string environment, Dictionary<string, string> variables)
    {
        var urls = resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.UriScheme is "http" or "https" && e.Address is not null)
            .Select(e => $"{e.UriScheme}://{e.Address!.Host}:{e.Address.Port.ToString(CultureInfo.InvariantCulture)}").ToArray();

        // A host without endpoints still is a web application; port 0 keeps it away from everybody's default 5000.
        variables["ASPNETCORE_URLS"] = urls.Length > 0 ? string.Join(';', urls) : "http://127.0.0.1:0";
        variables["ASPNETCORE_ENVIRONMENT"] = environment;
        variables["DOTNET_ENVIRONMENT"] = environment;
        variables["OTEL_SERVICE_NAME"] = resource.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={Guid.CreateVersion7():N}";
        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        variables["LOGGING__CONSOLE__FORMATTEROPTIONS__TIMESTAMPFORMAT"] = "yyyy-MM-ddTHH:mm:ss.fff ";
        if (environment == "Development")
        {
            variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
            variables["OTEL_TRACES_SAMPLER"] = "always_on";
            variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        }
    }

    private static Dictionary<string, string> Inherited()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (!NotInherited.Any(n => name.StartsWith(n, StringComparison.OrdinalIgnoreCase)))
            {
                variables[name] = (string?)variable.Value ?? "";
            }
        }

        return variables;
    }
}
