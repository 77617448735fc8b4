namespace JanServer.LlmApi.Models;

/// <summary>A model, as OpenAI describes one.</summary>
/// <param name="Id">What a request names it by.</param>
/// <param name="Created">Unix seconds; 0 when its provider does not say.</param>
/// <param name="OwnedBy">Who made it, as far as its provider says, else the provider.</param>
public sealed record ModelResource(string Id, long Created, string OwnedBy)
{
    /// <summary>Always <c>model</c>.</summary>
    public string Object => "model";

    /// <summary>The name for people.</summary>
    public string ModelDisplayName { get; init; } = Id;

    /// <summary>The group to show it in; empty for none.</summary>
    public string Category { get; init; } = "";

    /// <summary>Where the group comes; 0 for last.</summary>
    public int CategoryOrderNumber { get; init; }

    /// <summary>Where it comes within its group; 0 for last.</summary>
    public int ModelOrderNumber { get; init; }

    /// <summary>Who serves it; only with <c>X-PROVIDER-DATA: true</c>.</summary>
    public string? ProviderId { get; init; }

    /// <summary>Whose API that is; only with <c>X-PROVIDER-DATA: true</c>.</summary>
    public string? ProviderVendor { get; init; }

    /// <summary>The name of who serves it; only with <c>X-PROVIDER-DATA: true</c>.</summary>
    public string? ProviderName { get; init; }
}

/// <summary>The models that the caller may use.</summary>
public sealed record ModelList(IReadOnlyList<ModelResource> Data)
{
    /// <summary>Always <c>list</c>.</summary>
    public string Object => "list";
}
