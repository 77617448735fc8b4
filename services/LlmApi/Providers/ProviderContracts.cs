using System.ComponentModel.DataAnnotations;

namespace JanServer.LlmApi.Providers;

/// <summary>Adds a provider.</summary>
/// <param name="Name">For people, and unique.</param>
/// <param name="BaseUrl">An http or https URL with or without <c>/v1</c>; it may be private.</param>
/// <param name="ApiKey">The credential, if the provider takes one. It is stored encrypted and never returned.</param>
/// <param name="Kind"><c>openai</c> (unless told), <c>azure</c> or <c>engine</c>.</param>
/// <param name="Enabled">Whether it is used; true unless told.</param>
/// <param name="Priority">Lower is tried first; 100 unless told.</param>
/// <param name="TimeoutSeconds">How long the first byte of an answer may take; 600 unless told.</param>
public sealed record CreateProvider(
    [property: Required, StringLength(128, MinimumLength = 1)] string? Name,
    [property: Required, BaseUrl] string? BaseUrl,
    [property: StringLength(4096)] string? ApiKey = null,
    [property: AllowedValues("openai", "azure", "engine", null)] string? Kind = null,
    bool? Enabled = null,
    [property: Range(0, 1_000_000)] int? Priority = null,
    [property: Range(1, 3600)] int? TimeoutSeconds = null);

/// <summary>Changes a provider; what is absent stays.</summary>
/// <param name="Name">For people, and unique.</param>
/// <param name="BaseUrl">An http or https URL with or without <c>/v1</c>.</param>
/// <param name="ApiKey">A new credential; empty to remove it.</param>
/// <param name="Kind"><c>openai</c>, <c>azure</c> or <c>engine</c>.</param>
/// <param name="Enabled">Whether it is used.</param>
/// <param name="Priority">Lower is tried first.</param>
/// <param name="TimeoutSeconds">How long the first byte of an answer may take.</param>
public sealed record UpdateProvider(
    [property: StringLength(128, MinimumLength = 1)] string? Name = null,
    [property: BaseUrl] string? BaseUrl = null,
    [property: StringLength(4096)] string? ApiKey = null,
    [property: AllowedValues("openai", "azure", "engine", null)] string? Kind = null,
    bool? Enabled = null,
    [property: Range(0, 1_000_000)] int? Priority = null,
    [property: Range(1, 3600)] int? TimeoutSeconds = null);

/// <summary>A provider, without its credential.</summary>
/// <param name="Id"><c>prov_…</c> for those that can be changed here; a name of the source for others.</param>
/// <param name="Source"><c>database</c>, <c>configuration</c> or <c>engine</c>.</param>
/// <param name="HasApiKey">Whether a credential is known.</param>
/// <param name="Health"><c>healthy</c>, <c>unhealthy</c> or <c>unknown</c>, by the listing of its models.</param>
/// <param name="Problem">Why it is unhealthy.</param>
/// <param name="Circuit"><c>closed</c>: asked; <c>half_open</c>: probed; <c>open</c>: left alone after failures.</param>
/// <param name="Models">The ids of its models.</param>
public sealed record ProviderResource(
    string Id,
    string Name,
    string BaseUrl,
    string Kind,
    string Source,
    bool Enabled,
    int Priority,
    int TimeoutSeconds,
    bool HasApiKey,
    string Health,
    string? Problem,
    string Circuit,
    IReadOnlyList<string> Models,
    DateTimeOffset? CreatedAt,
    DateTimeOffset? UpdatedAt)
{
    /// <summary>Always <c>provider</c>.</summary>
    public string Object => "provider";
}

/// <summary>All providers.</summary>
public sealed record ProviderList(IReadOnlyList<ProviderResource> Data)
{
    /// <summary>Always <c>list</c>.</summary>
    public string Object => "list";
}
