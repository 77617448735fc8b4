using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.LlmApi.Answers;
using JanServer.LlmApi.Conversations.Items;
using JanServer.LlmApi.Metering;

namespace JanServer.LlmApi.StoredCompletions;

/// <summary>What is kept of one completion: taken from the request when it begins, and from the answer when it has ended.</summary>
internal sealed class CompletionKeeping
{
    // The members of a request that OpenAI shows with a stored completion.
    private static readonly string[] Shown =
    [
        "temperature", "top_p", "presence_penalty", "frequency_penalty", "seed", "tools", "tool_choice", "response_format",
        "parallel_tool_calls", "max_completion_tokens", "max_tokens", "reasoning_effort",
    ];

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _messages;
    private readonly string _metadata;
    private readonly List<(string Name, string Json)> _shown = [];
    private readonly string? _user;

    /// <param name="id">The id that takes the place of the upstream's in the answer.</param>
    /// <param name="body">The request, which has been checked.</param>
    public CompletionKeeping(Id<StoredCompletion> id, ReadOnlyMemory<byte> body)
    {
        Id = id;
        using var document = JsonDocument.Parse(body);
        var request = document.RootElement;
        _messages = request.GetProperty("messages").GetRawText();
        _metadata = request.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object ? metadata.GetRawText() : "{}";
        _user = request.TryGetProperty("user", out var user) && user.ValueKind == JsonValueKind.String ? user.GetString() : null;
        foreach (var name in Shown)
        {
            if (request.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
            {
                _shown.Add((name, value.GetRawText()));
            }
        }
    }

    public Id<StoredCompletion> Id { get; }

    /// <summary>The row; null when there is no answer to keep.</summary>
    public StoredCompletion? Of(Exchange exchange, AnswerCapture answer) =>
        answer.First is null || answer.IsCut || exchange.Status != ExchangeStatus.Succeeded ? null : new()
        {
            Id = Id,
            UserId = exchange.Caller.UserId,
            OrganizationId = exchange.Caller.OrganizationId,
            ProjectId = exchange.Caller.ProjectId,
            Model = StorableText.Of(exchange.Request.Model),
            Metadata = _metadata,
            Completion = StorableText.Of(Write(exchange, answer)),
            Messages = _messages,
            CreatedAt = exchange.CreatedAt,
        };

    private string Write(Exchange exchange, AnswerCapture answer)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, Id.ToString());
            json.WriteString("object"u8, "chat.completion"u8);
            json.WriteNumber("created"u8, answer.Created > 0 ? answer.Created : exchange.CreatedAt.ToUnixTimeSeconds());
            json.WriteString("model"u8, exchange.Request.Model);
            json.WriteString("request_id"u8, exchange.RequestId);
            json.WriteStartArray("choices"u8);
            foreach (var choice in answer.Choices)
            {
                choice.WriteTo(json);
            }

            json.WriteEndArray();
            if (exchange.Counts is { } counts)
            {
                counts.WriteTo(json);
            }

            json.WriteString("service_tier"u8, answer.ServiceTier);
            json.WriteString("system_fingerprint"u8, answer.SystemFingerprint);
            json.WriteString("input_user"u8, _user);
            foreach (var (name, value) in _shown)
            {
                json.WritePropertyName(name);
                json.WriteRawValue(value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
