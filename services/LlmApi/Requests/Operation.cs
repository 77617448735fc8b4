using JanServer.LlmApi.Metering;

namespace JanServer.LlmApi.Requests;

/// <summary>What a request asks of a model.</summary>
internal enum Operation
{
    Chat,
    Completion,
    Embedding,
    Image,
    ImageEdit,
}

internal static class OperationNames
{
    /// <summary>The name in usage records and metrics.</summary>
    public static string ToName(this Operation operation) => operation switch
    {
        Operation.Chat => UsageOperations.Chat,
        Operation.Completion => UsageOperations.Completion,
        Operation.Image => UsageOperations.ImageGeneration,
        Operation.ImageEdit => UsageOperations.ImageEdit,
        _ => UsageOperations.Embedding,
    };
}
