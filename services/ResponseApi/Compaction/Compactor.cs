using System.Text;
using System.Text.Json;
using JanServer.ResponseApi.Chat;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Requests;
using JanServer.ResponseApi.Runs;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Compaction;

/// <summary>Lets the model say in few words what a conversation is about, and keeps the last words of the user as they are.</summary>
internal sealed class Compactor(ChatClient chat)
{
    private const int MaxSummaryTokens = 8192;
    private const int MaxKeptTokens = 20_000;

    private const string Prompt =
        """
        Stop here and write a hand-over of this conversation for somebody who continues it without having read it. Say what the user wants, what
        was decided and why, what was done and found with exact names, numbers, paths and quotes that are still needed, and what is left to do.
        Write only the hand-over.
        """;

    /// <summary>The summary, or why the model gave none.</summary>
    public async Task<(string? Summary, RunUsage Usage, ApiError? Error)> SummarizeAsync(
        Caller caller, ResponseRequest request, IReadOnlyList<ContextItem> items, CancellationToken ct)
    {
        var asked = ItemJson.Build(json =>
        {
            json.WriteString("type"u8, "message"u8);
            json.WriteString("role"u8, "user"u8);
            json.WriteStartArray("content"u8);
            json.WriteStartObject();
            json.WriteString("type"u8, "input_text"u8);
            json.WriteString("text"u8, Prompt);
            json.WriteEndObject();
            json.WriteEndArray();
        });
        var body = ChatRequestWriter.Write(request, new(request.Instructions, [.. items, new(asked)], [], "auto", MaxSummaryTokens));
        var (stream, failure) = await chat.OpenAsync(caller, body, ct);
        if (stream is null)
        {
            return (null, default, ErrorOf(failure!));
        }

        await using (stream)
        {
            return await ReadAsync(stream);
        }
    }

    /// <summary>The newest messages of the user that together are not too long, oldest first.</summary>
    public static List<JsonElement> Kept(IReadOnlyList<ContextItem> items)
    {
        var kept = new List<JsonElement>();
        var left = MaxKeptTokens;
        foreach (var (item, _) in items.Reverse())
        {
            if (item.Text("type") != "message" || item.Text("role") != "user")
            {
                continue;
            }

            left -= TokenCount.Of(ItemTexts.OfContent(item));
            if (left < 0)
            {
                break;
            }

            kept.Insert(0, item);
        }

        return kept;
    }

    private static async Task<(string? Summary, RunUsage Usage, ApiError? Error)> ReadAsync(ChatStream stream)
    {
        var text = new StringBuilder();
        var usage = default(RunUsage);
        while (await stream.NextAsync() is { } chunk)
        {
            if (chunk.Failure is { } failure)
            {
                return (null, usage, ErrorOf(failure));
            }

            text.Append(Encoding.UTF8.GetString(chunk.Text.Span));
            usage = chunk.Usage ?? usage;
        }

        return text.Length > 0
            ? (text.ToString(), usage, null)
            : (null, usage, ApiError.Upstream("The model did not sum the conversation up."));
    }

    private static ApiError ErrorOf(ChatFailure failure) =>
        new(failure.Status, failure.Code, failure.Message, retryAfter: failure.RetryAfter);
}
