using System.Text.Json;

namespace JanServer.LlmApi.Shares;

/// <summary>
/// Decides what of a content part readers see, and writes that. Strings are copied as they are written in JSON and never decoded, so
/// that what a model said cannot break the snapshot.
/// </summary>
internal static class SharedParts
{
    private static readonly string[] PublicImages = ["\"https://", "\"http://", "\"data:image/", "\"jan_"];

    /// <summary>Whether readers see anything of the part.</summary>
    public static bool AreSeen(JsonElement part, ShareTerms terms) => TypeOf(part) switch
    {
        "text" or "input_text" or "output_text" or "tool_result" or "mcp_call" => Has(part, "text"u8, JsonValueKind.String),
        "refusal" => Has(part, "refusal"u8, JsonValueKind.String),
        "reasoning_text" or "summary_text" or "thinking" => terms.IncludeReasoning && Has(part, "text"u8, JsonValueKind.String),
        "image" or "input_image" or "image_url" => terms.IncludeImages && ImageOf(part).IsSeen,
        "file" or "input_file" => true,
        "tool_calls" => Has(part, "tool_calls"u8, JsonValueKind.Array),
        _ => false,
    };

    /// <summary>Writes a part of which something is seen.</summary>
    public static void Write(Utf8JsonWriter json, JsonElement part)
    {
        json.WriteStartObject();
        switch (TypeOf(part))
        {
            case "image" or "input_image" or "image_url":
                json.WriteString("type"u8, "input_image"u8);
                var (_, url, detail) = ImageOf(part);
                Copy(json, "image_url"u8, url);
                Copy(json, "detail"u8, detail);
                break;

            case "file" or "input_file":
                json.WriteString("type"u8, "input_file"u8);
                var file = Has(part, "file"u8, JsonValueKind.Object) ? part.GetProperty("file"u8) : part;
                CopyText(json, file, "file_id"u8);
                CopyText(json, file, "filename"u8);
                CopyText(json, file, "name"u8);
                CopyText(json, file, "mime_type"u8);
                break;

            case "tool_calls":
                json.WriteString("type"u8, "tool_calls"u8);
                WriteCalls(json, part.GetProperty("tool_calls"u8));
                break;

            default:
                Copy(json, "type"u8, part.GetProperty("type"u8));
                CopyText(json, part, "text"u8);
                CopyText(json, part, "refusal"u8);
                CopyText(json, part, "tool_call_id"u8);
                WriteCitations(json, part);
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteCalls(Utf8JsonWriter json, JsonElement calls)
    {
        json.WriteStartArray("tool_calls"u8);
        foreach (var call in calls.EnumerateArray())
        {
            if (call.ValueKind != JsonValueKind.Object || !Has(call, "function"u8, JsonValueKind.Object))
            {
                continue;
            }

            var function = call.GetProperty("function"u8);
            json.WriteStartObject();
            CopyText(json, call, "id"u8);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            CopyText(json, function, "name"u8);
            CopyText(json, function, "arguments"u8);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Only where something was found is shown, not what else a tool noted about it.</summary>
    private static void WriteCitations(Utf8JsonWriter json, JsonElement part)
    {
        if (!Has(part, "annotations"u8, JsonValueKind.Array))
        {
            return;
        }

        json.WriteStartArray("annotations"u8);
        foreach (var annotation in part.GetProperty("annotations"u8).EnumerateArray())
        {
            if (annotation.ValueKind == JsonValueKind.Object && TypeOf(annotation) is "url_citation" or "file_citation")
            {
                json.WriteStartObject();
                Copy(json, "type"u8, annotation.GetProperty("type"u8));
                CopyText(json, annotation, "url"u8);
                CopyText(json, annotation, "title"u8);
                CopyText(json, annotation, "file_id"u8);
                CopyText(json, annotation, "filename"u8);
                CopyNumber(json, annotation, "start_index"u8);
                CopyNumber(json, annotation, "end_index"u8);
                CopyNumber(json, annotation, "index"u8);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }

    /// <summary>
    /// An image of any form: <c>input_image</c> has the address or an object of it, <c>image</c> an object of both. A file on the
    /// machine of whoever sent it is nothing readers could see.
    /// </summary>
    private static (bool IsSeen, JsonElement Url, JsonElement Detail) ImageOf(JsonElement part)
    {
        var holder = Has(part, "image"u8, JsonValueKind.Object) ? part.GetProperty("image"u8) : part;
        holder = Has(holder, "image_url"u8, JsonValueKind.Object) ? holder.GetProperty("image_url"u8) : holder;
        if (!holder.TryGetProperty("url"u8, out var url) && !holder.TryGetProperty("image_url"u8, out url))
        {
            return default;
        }

        _ = holder.TryGetProperty("detail"u8, out var detail);
        return (url.ValueKind == JsonValueKind.String && IsPublic(url), url, detail);
    }

    private static bool IsPublic(JsonElement url)
    {
        var text = url.GetRawText();
        return PublicImages.Any(scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));
    }

    // Types are words of ours; one that is written with escapes is none of them.
    private static string? TypeOf(JsonElement part) =>
        Has(part, "type"u8, JsonValueKind.String) ? part.GetProperty("type"u8).GetRawText().Trim('"') : null;

    private static bool Has(JsonElement holder, ReadOnlySpan<byte> name, JsonValueKind kind) =>
        holder.ValueKind == JsonValueKind.Object && holder.TryGetProperty(name, out var value) && value.ValueKind == kind;

    private static void CopyText(Utf8JsonWriter json, JsonElement holder, ReadOnlySpan<byte> name)
    {
        if (Has(holder, name, JsonValueKind.String))
        {
            Copy(json, name, holder.GetProperty(name));
        }
    }

    private static void CopyNumber(Utf8JsonWriter json, JsonElement holder, ReadOnlySpan<byte> name)
    {
        if (Has(holder, name, JsonValueKind.Number))
        {
            Copy(json, name, holder.GetProperty(name));
        }
    }

    private static void Copy(Utf8JsonWriter json, ReadOnlySpan<byte> name, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(value.GetRawText(), skipInputValidation: true);
        }
    }
}
