using System.Text;
using System.Text.Json.Nodes;
using JanServer.Contracts.Ids;
using JanServer.Data.Connections;
using JanServer.LlmApi.Answers;
using JanServer.LlmApi.Completions;
using JanServer.LlmApi.Conversations.Titles;
using JanServer.LlmApi.Metering;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Requests;
using JanServer.LlmApi.StoredCompletions;
using JanServer.LlmApi.Streaming;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Turns;

/// <summary>Decides what of a chat is stored, and what its client is told about it.</summary>
internal sealed class TurnKeeping(
    TurnTargets targets, Bookkeeping books, TitleGeneration titles, IOptions<CompletionOptions> options, TimeProvider clock)
{
    /// <summary>Finds the conversation of a chat and notes what is to be stored; or why it cannot be.</summary>
    public async ValueTask<ApiError?> BeginAsync(Exchange exchange, RequestBody body, string? referrer, CancellationToken ct)
    {
        var request = exchange.Request;
        if (request.Operation != Operation.Chat)
        {
            return null;
        }

        var (target, error) = await targets.OpenAsync(request, body.Bytes, referrer, exchange.Caller, ct);
        if (error is not null)
        {
            return error;
        }

        var completion = target is null && request.Store == true ? new CompletionKeeping(Id<StoredCompletion>.New(clock), body.Bytes) : null;
        if (target is not null || completion is not null)
        {
            exchange.Keeping = new(new(options.Value.MaxResponseBytes), target, completion, clock);
        }

        return null;
    }

    /// <summary>
    /// An answer has begun: makes the conversation if it is new, and says how the answer goes to the client. The error is for when the
    /// database is away: an answer whose conversation cannot be made is not given, since its client relies on it.
    /// </summary>
    public async ValueTask<(AnswerDelivery? Delivery, ApiError? Error)> DeliverAsync(Exchange exchange)
    {
        var keeping = exchange.Keeping;
        if (keeping?.Target is { Exists: false, Stores: true } target)
        {
            try
            {
                await targets.CreateAsync(target, exchange.Caller);
            }
            catch (Exception e) when (DatabaseFailure.IsTransient(e))
            {
                return (null, ApiError.Unavailable("The database is not available at the moment, so no conversation can begin. Try again."));
            }
        }

        var splitsReasoning = exchange.Request.Operation == Operation.Chat
            && (exchange.ReasoningFormat is { } format ? format == ModelDetails.ThinkTags : options.Value.ReasoningTags);
        var rewrite = new AnswerRewrite(exchange, splitsReasoning)
        {
            Id = keeping?.CompletionId is { } id ? ModelRoute.Quote(id.ToString()) : default,
            Extra = ExtraOf(keeping?.Target, exchange.IsTrimmed),
        };
        return (new(exchange, rewrite, keeping?.Answer, books), null);
    }

    /// <summary>An exchange is over and written: its conversation may get a title.</summary>
    public void End(Exchange exchange)
    {
        if (exchange is { Status: ExchangeStatus.Succeeded, Keeping.Target: { Exists: true } target })
        {
            titles.TurnStored(new(target.Id, exchange.Caller, target.Title is not null, target.Said));
        }
    }

    private static byte[] ExtraOf(TurnTarget? target, bool trimmed)
    {
        var members = new StringBuilder();
        if (target is not null)
        {
            var conversation = new JsonObject { ["id"] = target.Id.ToString() };
            if (target.Title is { } title)
            {
                conversation["title"] = title;
            }

            members.Append(",\"conversation\":").Append(conversation.ToJsonString());
        }

        return Encoding.UTF8.GetBytes(members.Append(trimmed ? ",\"trimmed\":true" : "").ToString());
    }
}
