using System.Text.Json.Serialization;

namespace Aspire.Hosting.Local.Dashboard;

internal sealed record ResourceView(
    string Name,
    string Type,
    string State,
    string? Health,
    string? Reason,
    IReadOnlyList<string> Urls,
    string? Parent,
    int? ProcessId,
    int Restarts,
    DateTimeOffset? StartedAt,
    int? ExitCode,
    bool IsSkipped,
    bool IsLate,
    IReadOnlyList<DependencyView> Dependencies);

internal sealed record DependencyView(string Name, string Until);

internal sealed record DetailsView(
    ResourceView Resource,
    IReadOnlyList<EndpointView> Endpoints,
    IReadOnlyList<string> HealthChecks,
    IReadOnlyList<VariableView> Environment,
    string? EnvironmentProblem,
    string LogFile);

internal sealed record EndpointView(string Name, string Url);

internal sealed record VariableView(string Name, string Value, bool IsMasked);

internal sealed record LineView(string Resource, long Number, DateTimeOffset Time, string Text, bool IsError);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<ResourceView>))]
[JsonSerializable(typeof(DetailsView))]
[JsonSerializable(typeof(IReadOnlyList<LineView>))]
internal sealed partial class DashboardJson : JsonSerializerContext;
