using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.LlmApi.Conversations;
using JanServer.LlmApi.Conversations.Branches;
using JanServer.LlmApi.Conversations.Items;
using JanServer.LlmApi.Conversations.Titles;
using JanServer.LlmApi.Prompts;

namespace JanServer.LlmApi.Turns;

/// <summary>The conversation that a turn belongs to, as it was when the turn began.</summary>
internal sealed class TurnTarget
{
    public required Id<Conversation> Id { get; init; }

    public string? Title { get; init; }

    /// <summary>The instruction of the folder that the conversation lies in.</summary>
    public string? Instruction { get; init; }

    /// <summary>The conversation's metadata, a JSON object of strings.</summary>
    public string Metadata { get; init; } = "{}";

    /// <summary>The branch that the turn goes to, whatever it is called and whichever is active when it ends.</summary>
    public required Id<Branch> BranchId { get; init; }

    public string? Referrer { get; init; }

    /// <summary>What the user says in the request, for a title.</summary>
    public required UserTexts Said { get; init; }

    /// <summary>Whether the turn is stored.</summary>
    public required bool Stores { get; init; }

    /// <summary>The request's messages that the conversation does not have yet.</summary>
    public required IReadOnlyList<ConversationItem> Asked { get; init; }

    /// <summary>Whether the row is there. A new conversation is made when an answer begins, so a request that fails leaves none.</summary>
    public bool Exists { get; set; } = true;

    /// <summary>Adds what the conversation gives to the inputs of the prompt.</summary>
    public PromptInputs AddTo(PromptInputs inputs)
    {
        using var metadata = JsonDocument.Parse(Metadata);
        return inputs with
        {
            ProjectInstruction = Instruction,
            ConversationMetadata = metadata.RootElement.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.ToString()),
        };
    }
}
