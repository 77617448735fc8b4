using JanServer.Contracts.Ids;
using JanServer.LlmApi.Answers;
using JanServer.LlmApi.Conversations.Items;
using JanServer.LlmApi.Metering;
using JanServer.LlmApi.StoredCompletions;

namespace JanServer.LlmApi.Turns;

/// <summary>What is stored of one exchange: the turn of a conversation, a completion, or both.</summary>
internal sealed class Keeping(AnswerCapture answer, TurnTarget? target, CompletionKeeping? completion, TimeProvider clock)
{
    /// <summary>Where the answer is put together.</summary>
    public AnswerCapture Answer => answer;

    /// <summary>The conversation; null when the exchange belongs to none.</summary>
    public TurnTarget? Target => target;

    /// <summary>The id of the completion to keep; null when none is kept.</summary>
    public Id<StoredCompletion>? CompletionId => completion?.Id;

    /// <summary>The items of the turn; null when the turn is not stored, or never got an answer to begin.</summary>
    public NewItems? Turn(Exchange exchange)
    {
        if (target is not { Stores: true, Exists: true } || (exchange.Status == ExchangeStatus.Failed && answer.First is null))
        {
            return null;
        }

        List<ConversationItem> items = [.. target.Asked, .. AnswerItems.Of(exchange, target, answer, clock)];
        return items.Count == 0 ? null : new(target.Id, items, target.BranchId);
    }

    /// <summary>The completion to keep, if it was asked for and is whole.</summary>
    public StoredCompletion? Completion(Exchange exchange) => completion?.Of(exchange, answer);
}
