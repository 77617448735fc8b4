using JanServer.Contracts.Ids;
using JanServer.LlmApi.Conversations.Items;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Requests;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.LlmApi.Metering;

/// <summary>How a request ended.</summary>
internal enum ExchangeStatus
{
    Failed,
    Succeeded,
    Cancelled,
}

/// <summary>What is known about one request to a model while it runs; at its end it becomes a usage record.</summary>
internal sealed class Exchange(CompletionRequest request, Caller caller, string requestId, TimeProvider clock)
{
    private readonly long _startedAt = clock.GetTimestamp();
    private readonly (DateTimeOffset At, Id<UsageRecord> Id) _begin = Begin(clock);

    /// <summary>The id of the usage record; made at the beginning, so that it sorts as <see cref="CreatedAt"/> does.</summary>
    public Id<UsageRecord> Id => _begin.Id;

    public CompletionRequest Request => request;

    /// <summary>How the body changes on its way upstream; preparation adds to what the request itself asks for.</summary>
    public IReadOnlyList<Edit> Edits { get; set; } = request.Edits;

    public Caller Caller => caller;

    public string RequestId => requestId;

    public DateTimeOffset CreatedAt => _begin.At;

    /// <summary>The catalogue's id of the model, whatever the client called it.</summary>
    public string Model { get; init; } = request.Model;

    /// <summary>Whose answer it is, or the last provider asked.</summary>
    public ModelOffer? Offer { get; set; }

    public ExchangeStatus Status { get; set; }

    /// <summary>The reason of a failure; a word of a closed set.</summary>
    public string? Failure { get; set; }

    public string? FinishReason { get; set; }

    /// <summary>What the upstream counted; null when it has not said.</summary>
    public TokenCounts? Counts { get; set; }

    /// <summary>How many pieces of an answer were relayed: about one token each, for when the upstream has not counted.</summary>
    public int Pieces { get; set; }

    /// <summary>How many images were made.</summary>
    public int Images { get; set; }

    /// <summary>What the request used, as far as is known: where the provider has not counted, each piece counts as a token.</summary>
    public TokenCounts Tokens => Counts ?? new(0, Pieces, Pieces, 0, 0);

    /// <summary>What that costs at the provider's price of the moment; null when it names none, or when nothing was answered.</summary>
    public long? CostMicroUsd => FirstToken is null || Offer?.Pricing is not { } pricing ? null
        : (Images > 0 ? pricing.CostOfImagesMicroUsd(Images) : null) ?? pricing.CostMicroUsd(Tokens);

    /// <summary>How the catalogue says that the model marks its reasoning; null when it does not say.</summary>
    public string? ReasoningFormat { get; init; }

    /// <summary>What is stored of the exchange beside its usage; null for nothing.</summary>
    public Turns.Keeping? Keeping { get; set; }

    /// <summary>Items that are stored with the usage, for exchanges that keep no answer of a chat.</summary>
    public NewItems? Items { get; set; }

    /// <summary>Whether messages were left out so that the prompt fits the model.</summary>
    public bool IsTrimmed { get; set; }

    /// <summary>Whether it has been written down.</summary>
    public bool IsClosed { get; set; }

    public TimeSpan? FirstToken { get; private set; }

    public TimeSpan Elapsed => clock.GetElapsedTime(_startedAt);

    public void SawFirstToken() => FirstToken ??= Elapsed;

    private static (DateTimeOffset At, Id<UsageRecord> Id) Begin(TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return (now, new(Guid.CreateVersion7(now)));
    }
}
