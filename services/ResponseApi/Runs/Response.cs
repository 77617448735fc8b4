using JanServer.Contracts.Ids;
using JanServer.ResponseApi.Requests;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.ResponseApi.Runs;

/// <summary>One response: what was asked, by whom, and how far it is. Everything that must survive the process is in here.</summary>
internal sealed class Response : IIdentified
{
    public static string IdPrefix => "resp";

    public required Id<Response> Id { get; init; }

    public required Caller Caller { get; init; }

    public required ResponseRequest Request { get; init; }

    /// <summary>What the model is shown before <see cref="Input"/>, oldest first: items of the previous responses or of the conversation.</summary>
    public IReadOnlyList<ContextItem> Context { get; init; } = [];

    /// <summary>The items of this request, each with an id.</summary>
    public required IReadOnlyList<ContextItem> Input { get; init; }

    /// <summary>The conversation, with its <c>conv_</c> id, that input and output are appended to when the response ends; null for none.</summary>
    public string? ConversationId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? QueuedAt { get; init; }

    /// <summary>How far it is; the loop writes it, a checkpoint keeps it.</summary>
    public RunProgress Progress { get; init; } = new();

    /// <summary>
    /// Whether nobody goes on with it once its token is cancelled: it was cancelled, or its time is over. Then calls that run elsewhere are
    /// cancelled too; otherwise another replica asks for them again.
    /// </summary>
    public Func<bool> IsGivenUp { get; set; } = static () => false;
}
