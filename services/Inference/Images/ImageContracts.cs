namespace JanServer.Inference.Images;

public sealed record ImageListBody(long Created, IReadOnlyList<ImageBody> Data);

/// <summary>One image, as Base64: this engine keeps no files to link to.</summary>
public sealed record ImageBody(string B64Json, string RevisedPrompt);
