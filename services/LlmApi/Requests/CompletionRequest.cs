using JanServer.LlmApi.Models;

namespace JanServer.LlmApi.Requests;

/// <summary>What a checked request body said, and how the bytes must change before they go upstream.</summary>
internal sealed class CompletionRequest
{
    public required Operation Operation { get; init; }

    /// <summary>The model id that the client sent; its answer carries it too.</summary>
    public required string Model { get; init; }

    /// <summary>The same as a JSON string.</summary>
    public byte[] ModelJson => field ??= ModelRoute.Quote(Model);

    public bool Stream { get; init; }

    /// <summary>Whether the client asked to see the usage of its stream.</summary>
    public bool ShowsUsage { get; init; }

    /// <summary>The conversation that the turn belongs to; null for none.</summary>
    public ConversationRef? Conversation { get; init; }

    /// <summary>What the client said about storing; null when it said nothing.</summary>
    public bool? Store { get; init; }

    /// <summary>Whether reasoning is stored with the answer.</summary>
    public bool StoreReasoning { get; init; }

    /// <summary>Whether a prompt that is too long goes to the model as it is (<c>truncation: "disabled"</c>), to be refused by its server.</summary>
    public bool KeepsAll { get; init; }

    public required IReadOnlyList<Edit> Edits { get; init; }

    /// <summary>Where the values of its members are.</summary>
    public required MemberPlaces Places { get; init; }

    /// <summary>Where the body's closing brace is; members are added here, with a comma before each.</summary>
    public int End { get; init; }

    /// <summary>Where the messages of a chat request are, mapped when it is first asked for.</summary>
    public MessageMap Messages(ReadOnlySpan<byte> body) => _messages ??= MessageMap.Read(body, Places.Find(Member.Messages));

    private MessageMap? _messages;
}
