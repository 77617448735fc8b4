namespace JanServer.Inference.Models;

/// <summary>OpenAI's model object and the card: what the model is, for people.</summary>
public sealed record ModelResource(
    string Id,
    long Created,
    string Name,
    string Description,
    int MaxModelLen,
    IReadOnlyList<string> Capabilities,
    int? Dimensions,
    string Object = "model",
    string OwnedBy = "jan",
    bool Demo = true);

public sealed record ModelList(IReadOnlyList<ModelResource> Data, string Object = "list");
