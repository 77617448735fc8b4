using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;
using JanServer.LlmApi.Completions;
using JanServer.LlmApi.Metering;
using JanServer.LlmApi.Providers;
using JanServer.LlmApi.Requests;
using JanServer.LlmApi.Streaming;
using JanServer.LlmApi.Upstreams;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Conversations.Titles;

/// <summary>Asks a model for a title, as a request of the user like any other: routed, failed over and accounted for.</summary>
internal sealed partial class TitleModel(
    ProviderRegistry registry,
    Failover failover,
    RequestWatch watches,
    LlmMetrics metrics,
    Bookkeeping books,
    TimeProvider clock,
    IOptions<TitleOptions> options,
    IOptions<CompletionOptions> completions,
    ILogger<TitleModel> logger)
{
    private const int MaxTokens = 64;
    private const string Instruction =
        "Write a title for the conversation that begins with the user's message: at most six words, in the language of the message, "
        + "without quotation marks and without a full stop. Answer with the title alone.";

    /// <summary>A title; null when no model of the user makes one in time.</summary>
    public async Task<string?> AskAsync(TurnForTitle turn, CancellationToken ct)
    {
        using var body = RequestBody.Of(BodyOf(options.Value.Model, turn.Said));
        if (RequestScan.Read(Operation.Chat, body.Bytes.Span, out _) is not { } request
            || registry.Catalog.Find(request.Model, turn.Caller) is not { } route
            || route.Offers[0].Provider.Settings.Kind == ProviderKind.Jan)
        {
            return null;
        }

        var exchange = new Exchange(request, turn.Caller, $"title-{Guid.CreateVersion7(clock.GetUtcNow()):n}", clock) { Model = route.Id };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.Value.Timeout);
        using var watch = new WatchedRequest(clock, null, completions.Value.Heartbeat, limit.Token);
        watches.Add(watch);
        metrics.Started(exchange);
        try
        {
            var (answer, _) = await failover.SendAsync(exchange, route, body, watch, limit.Token);
            if (answer is null)
            {
                Log.Unanswered(logger, turn.ConversationId.ToString(), exchange.Failure ?? "");
                return null;
            }

            using (answer)
            {
                _ = ChunkScan.TryRead(answer.Body.Span, out var scan);
                exchange.SawFirstToken();
                exchange.FinishReason = scan.FinishReason;
                exchange.Counts = scan.HasUsage ? scan.Counts : null;
                exchange.Status = ExchangeStatus.Succeeded;
                return TitleIn(answer.Body);
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            exchange.Status = ExchangeStatus.Cancelled;
            Log.Unanswered(logger, turn.ConversationId.ToString(), "timeout");
            return null;
        }
        finally
        {
            watches.Remove(watch);
            metrics.Ended(exchange);
            await books.CloseAsync(exchange);
        }
    }

    /// <summary>What a model's answer says, without what it thought; null when that is no title.</summary>
    public static string? TitleIn(ReadOnlyMemory<byte> answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            var content = document.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content");
            var said = Thoughts().Replace(content.GetString() ?? "", "").Trim();
            return TitleText.Derive(said.Split('\n', 2)[0]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
        {
            // It is no answer of a chat.
            return null;
        }
    }

    private static byte[] BodyOf(string model, UserTexts said)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("model"u8, model);
            json.WriteStartArray("messages"u8);
            Write(json, "system", Instruction);

            // One message: some models refuse two of the user in a row.
            Write(json, "user", said.Count > 1 ? $"{said.First}\n\n{said.Last}" : said.First!);
            json.WriteEndArray();
            json.WriteNumber("max_tokens"u8, MaxTokens);
            json.WriteNumber("temperature"u8, 0.2);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, string role, string content)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        json.WriteString("content"u8, content);
        json.WriteEndObject();
    }

    [GeneratedRegex("(?s)<think(ing)?>.*?(</think(ing)?>|\\z)", RegexOptions.NonBacktracking)]
    private static partial Regex Thoughts();

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "No model made a title for {Conversation}: {Reason}")]
        public static partial void Unanswered(ILogger logger, string conversation, string reason);
    }
}
