using JanServer.Contracts.Ids;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.LlmApi.Conversations.Titles;

/// <summary>A turn that may give its conversation a title.</summary>
/// <param name="Caller">Whose conversation it is, and on whose account a model makes a title.</param>
/// <param name="HasTitle">Whether the conversation had a title when the turn began.</param>
/// <param name="Said">What the user says in the request.</param>
internal sealed record TurnForTitle(Id<Conversation> ConversationId, Caller Caller, bool HasTitle, UserTexts Said);
