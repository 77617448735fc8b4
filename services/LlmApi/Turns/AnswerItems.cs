using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.Contracts.Ids;
using JanServer.LlmApi.Answers;
using JanServer.LlmApi.Conversations.Items;
using JanServer.LlmApi.Metering;

namespace JanServer.LlmApi.Turns;

/// <summary>
/// The items that an answer becomes: the assistant's message, and a call in progress for every tool that it calls, which whoever runs the
/// tool completes by its call id.
/// </summary>
internal static class AnswerItems
{
    // What the reference's clients show beside a call.
    private const string ServerLabel = "Jan MCP Server";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IEnumerable<ConversationItem> Of(Exchange exchange, TurnTarget target, AnswerCapture answer, TimeProvider clock)
    {
        if (answer.First is not { HasAnything: true } choice)
        {
            yield break;
        }

        var now = clock.GetUtcNow();
        var reason = ReasonItIsIncomplete(exchange, answer, choice);
        yield return new()
        {
            Id = Id<ConversationItem>.New(clock),
            ConversationId = target.Id,
            Type = ItemVocabulary.Message,
            Role = ItemVocabulary.Assistant,
            Status = reason is null ? ItemVocabulary.Completed : ItemVocabulary.Incomplete,
            Content = Content(choice, exchange.Request.StoreReasoning),
            IncompleteAt = reason is null ? null : now,
            IncompleteDetails = reason is null ? null : $$"""{"reason":"{{reason}}"}""",
            CompletedAt = reason is null ? now : null,
            Extra = new JsonObject { ["model"] = exchange.Request.Model, ["finish_reason"] = choice.FinishReason }.ToJsonString(Relaxed),
            CreatedAt = now,
        };
        foreach (var call in choice.ToolCalls.Where(call => reason is null && call.Name.Length > 0))
        {
            var id = Id<ConversationItem>.New(clock);
            yield return new()
            {
                Id = id,
                ConversationId = target.Id,
                Type = ItemVocabulary.McpCall,
                Role = ItemVocabulary.Tool,
                Status = ItemVocabulary.InProgress,
                Content = new ContentBuilder().Add(json =>
                {
                    json.WriteStartObject();
                    json.WriteString("type"u8, ContentTypes.McpCall);
                    json.WriteStartArray("tool_calls"u8);
                    call.WriteTo(json);
                    json.WriteEndArray();
                    json.WriteEndObject();
                }).Build(),
                CallId = call.Id ?? id.ToString(),
                Name = call.Name,
                ServerLabel = ServerLabel,
                Arguments = call.Arguments,
                CreatedAt = now,
            };
        }
    }

    private static string? ReasonItIsIncomplete(Exchange exchange, AnswerCapture answer, CapturedChoice choice) => exchange.Status switch
    {
        ExchangeStatus.Cancelled => "client_disconnected",
        ExchangeStatus.Failed => "upstream_error",
        _ when answer.IsCut => "too_long",
        _ => choice.FinishReason switch
        {
            "length" => "max_output_tokens",
            "content_filter" => "content_filter",
            _ => null,
        },
    };

    private static string? Content(CapturedChoice choice, bool storesReasoning)
    {
        var content = new ContentBuilder();
        if (choice.Content.Length > 0)
        {
            content.AddText(ContentTypes.OutputText, choice.Content);
        }

        foreach (var part in choice.Parts)
        {
            content.Add(part);
        }

        if (choice.Refusal.Length > 0)
        {
            content.Add(json =>
            {
                json.WriteStartObject();
                json.WriteString("type"u8, "refusal"u8);
                json.WriteString("refusal"u8, StorableText.Of(choice.Refusal));
                json.WriteEndObject();
            });
        }

        if (storesReasoning && choice.Reasoning.Length > 0)
        {
            content.AddText(ContentTypes.ReasoningText, choice.Reasoning);
        }

        if (choice.ToolCalls.Any())
        {
            content.Add(json =>
            {
                json.WriteStartObject();
                json.WriteString("type"u8, ContentTypes.ToolCalls);
                json.WritePropertyName("tool_calls"u8);
                choice.WriteToolCalls(json);
                json.WriteEndObject();
            });
        }

        return content.Build();
    }
}
