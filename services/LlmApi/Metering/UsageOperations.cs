namespace JanServer.LlmApi.Metering;

/// <summary>What usage records call what was asked of a model, and which of it OpenAI reports together.</summary>
internal static class UsageOperations
{
    public const string Chat = "chat";
    public const string Completion = "completion";
    public const string Embedding = "embedding";
    public const string ImageGeneration = "image";
    public const string ImageEdit = "image_edit";

    public static IReadOnlyList<string> Completions { get; } = [Chat, Completion];

    public static IReadOnlyList<string> Embeddings { get; } = [Embedding];

    public static IReadOnlyList<string> Images { get; } = [ImageGeneration, ImageEdit];
}
