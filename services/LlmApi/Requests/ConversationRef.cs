namespace JanServer.LlmApi.Requests;

/// <summary>The <c>conversation</c> of a request.</summary>
/// <param name="Id">The id as it was sent; null to begin a new conversation.</param>
internal sealed record ConversationRef(string? Id);
