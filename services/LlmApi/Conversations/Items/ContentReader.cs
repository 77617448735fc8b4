using System.Collections.Frozen;
using System.Text.Json;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Conversations.Items;

/// <summary>
/// Reads the content of an item that a client sends: a string, or parts in OpenAI's form or the reference's, which has the text under
/// the part's type. Both become the stored form.
/// </summary>
internal static class ContentReader
{
    private const int MaxParts = 100;
    private const int MaxText = 100_000;
    private const int MaxCode = 50_000;
    private const int MaxAnnotations = 100;
    private const int MaxCalls = 128;

    // The longest text of each kind of part that is text.
    private static readonly FrozenDictionary<string, int> Texts = new Dictionary<string, int>
    {
        ["text"] = MaxText,
        [ContentTypes.InputText] = MaxText,
        [ContentTypes.OutputText] = MaxText,
        [ContentTypes.ReasoningText] = MaxText,
        [ContentTypes.ToolResult] = MaxText,
        ["summary_text"] = MaxText,
        ["refusal"] = MaxText,
        ["code"] = MaxCode,
        ["thinking"] = MaxCode,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Reads content whose strings are known to be readable.</summary>
    public static ApiError? Read(JsonElement content, string? role, string path, out string? json)
    {
        json = null;
        if (content.ValueKind == JsonValueKind.String)
        {
            var text = content.GetString()!;
            json = ContentBuilder.Text(role == ItemVocabulary.Assistant ? ContentTypes.OutputText : ContentTypes.InputText, text);
            return CheckText(text, MaxText, path);
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            return ApiError.Invalid(path, "Content must be a string or an array of parts.");
        }

        var count = content.GetArrayLength();
        if (count is 0 or > MaxParts)
        {
            return ApiError.Invalid(path, $"Content must have 1 to {MaxParts} parts.");
        }

        var builder = new ContentBuilder();
        for (var i = 0; i < count; i++)
        {
            if (ReadPart(content[i], $"{path}[{i}]", builder) is { } error)
            {
                return error;
            }
        }

        json = builder.Build();
        return null;
    }

    private static ApiError? ReadPart(JsonElement part, string path, ContentBuilder builder)
    {
        if (part.ValueKind != JsonValueKind.Object)
        {
            return ApiError.Invalid(path, "A part must be an object.");
        }

        if (!part.TryGetProperty("type", out var typeElement) || typeElement.ValueKind != JsonValueKind.String)
        {
            return ApiError.Missing($"{path}.type");
        }

        var type = typeElement.GetString()!;
        if (Texts.TryGetValue(type, out var max))
        {
            return ReadText(part, type, max, path, builder);
        }

        var error = type switch
        {
            "image" or "input_image" or "image_url" or "computer_screenshot" => MediaParts.CheckImage(part, type, path),
            "file" or "input_file" => MediaParts.CheckFile(part, type, path),
            "audio" or "input_audio" or "output_audio" => MediaParts.CheckAudio(part, type, path),
            "video_url" => null,
            ContentTypes.ToolCalls => CheckCalls(part, path),
            ContentTypes.McpCall => ApiError.Invalid($"{path}.type", "What an MCP tool answers is set by its call id, not made."),
            _ => ApiError.Invalid($"{path}.type", "This is no type of content that is known here."),
        };
        if (error is null)
        {
            builder.Add(part);
        }

        return error;
    }

    private static ApiError? ReadText(JsonElement part, string type, int max, string path, ContentBuilder builder)
    {
        var key = part.TryGetProperty(type, out var value) ? type : "text";
        if (key != type && !part.TryGetProperty("text", out value))
        {
            return ApiError.Missing($"{path}.text");
        }

        JsonElement nested = default;
        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("text", out var inner))
        {
            (nested, value) = (value, inner);
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return ApiError.Invalid($"{path}.{key}", "It must be a string.");
        }

        var text = value.GetString()!;
        if (CheckText(text, max, $"{path}.{key}") is { } error)
        {
            return error;
        }

        var annotations = AnnotationsOf(part) ?? (nested.ValueKind == JsonValueKind.Object ? AnnotationsOf(nested) : null);
        if (annotations?.GetArrayLength() > MaxAnnotations)
        {
            return ApiError.Invalid($"{path}.annotations", $"There may be at most {MaxAnnotations} annotations.");
        }

        builder.Add(json =>
        {
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            json.WriteString(type == "refusal" ? "refusal"u8 : "text"u8, text);
            if (annotations is { } given)
            {
                json.WritePropertyName("annotations"u8);
                given.WriteTo(json);
            }
            else if (type == ContentTypes.OutputText)
            {
                json.WriteStartArray("annotations"u8);
                json.WriteEndArray();
            }

            foreach (var member in part.EnumerateObject())
            {
                if (member.Name is not ("type" or "text" or "refusal" or "annotations") && member.Name != type)
                {
                    member.WriteTo(json);
                }
            }

            json.WriteEndObject();
        });
        return null;
    }

    private static JsonElement? AnnotationsOf(JsonElement part) =>
        part.TryGetProperty("annotations", out var annotations) && annotations.ValueKind == JsonValueKind.Array ? annotations : null;

    private static ApiError? CheckText(string text, int max, string path) =>
        text.Length == 0 ? ApiError.Invalid(path, "It must not be empty.")
        : text.Length > max && text.EnumerateRunes().Count() > max ? ApiError.Invalid(path, $"It may have at most {max} characters.")
        : null;

    private static ApiError? CheckCalls(JsonElement part, string path) =>
        !part.TryGetProperty("tool_calls", out var calls) ? ApiError.Missing($"{path}.tool_calls")
        : calls.ValueKind != JsonValueKind.Array || calls.GetArrayLength() is 0 or > MaxCalls
            ? ApiError.Invalid($"{path}.tool_calls", $"It must be an array of 1 to {MaxCalls} calls.")
            : null;
}
