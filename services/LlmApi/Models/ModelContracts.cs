namespace JanServer.LlmApi.Models;

/// <summary>A model, as OpenAI describes one.</summary>
/// <param name="Id">What a request names it by.</param>
/// <param name="Created">Unix seconds; 0 when its provider does not say.</param>
/// <param name="OwnedBy">Who made it, as far as its provider says, else the provider.</param>
public sealed record ModelResource(string Id, long Created, string OwnedBy)
{
    /// <summary>Always <c>model</c>.</summary>
    public string Object => "model";
}

/// <summary>The models that the caller may use.</summary>
public sealed record ModelList(IReadOnlyList<ModelResource> Data)
{
    /// <summary>Always <c>list</c>.</summary>
    public string Object => "list";
}
