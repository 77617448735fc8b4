using System.Text.Json;
using JanServer.ResponseApi.Requests;

namespace JanServer.ResponseApi.Items;

/// <summary>Checks the content parts of messages and of tools' results, and writes them in OpenAI's form.</summary>
internal static class ContentReader
{
    private const string Refusal = "refusal";

    /// <summary>Writes the array <paramref name="name"/> of an item from its member of the same name, or of <paramref name="source"/>.</summary>
    public static void Write(Utf8JsonWriter json, FieldReader item, string source, string name, bool isAssistant)
    {
        json.WriteStartArray(name);
        if (item.Find(source) is { ValueKind: JsonValueKind.String })
        {
            WriteText(json, item.Text(source) ?? "", isAssistant);
        }
        else
        {
            foreach (var element in item.Array(source))
            {
                if (item.Element(element) is { Value.ValueKind: JsonValueKind.Object } part)
                {
                    WritePart(json, part, isAssistant);
                }
            }
        }

        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, string text, bool isAssistant)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, isAssistant ? "output_text"u8 : "input_text"u8);
        json.WriteString("text"u8, text);
        if (isAssistant)
        {
            json.WriteStartArray("annotations"u8);
            json.WriteEndArray();
            json.WriteStartArray("logprobs"u8);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter json, FieldReader part, bool isAssistant)
    {
        var type = part.NeedText("type");
        switch (type)
        {
            case "input_text" or "output_text" or "text" when isAssistant && part.Find("annotations") is null:
            case "input_text" or "text" when !isAssistant:
                part.NeedText("text", least: 0);
                WriteText(json, part.Text("text") ?? "", isAssistant);
                break;
            case "output_text" when isAssistant:
                part.NeedText("text", least: 0);
                part.Value.WriteTo(json);
                break;
            case Refusal when isAssistant:
                part.NeedText(Refusal, least: 0);
                part.Value.WriteTo(json);
                break;
            case "input_image" when !isAssistant:
                WriteImage(json, part);
                break;
            case "input_file" when !isAssistant:
                WriteFile(json, part);
                break;
            case "":
                break;
            default:
                part.Fail("type", isAssistant
                    ? "It must be 'output_text' or 'refusal' in a message of the assistant."
                    : "It must be 'input_text', 'input_image' or 'input_file'.");
                break;
        }
    }

    private static void WriteImage(Utf8JsonWriter json, FieldReader part)
    {
        // Chat completions, and clients that mix the two, have an object with the URL.
        var nested = part.Find("image_url") is { ValueKind: JsonValueKind.Object } ? part.Object("image_url") : null;
        var url = nested is null ? part.Text("image_url", least: 1) : nested.Text("url", least: 1);
        var file = part.Text("file_id", 1, 128);
        if (url is null == file is null)
        {
            part.Fail("image_url", "An image needs either 'image_url' or 'file_id'.");
        }

        if (url is not null && !IsAddress(url, "data:image/"))
        {
            part.Fail("image_url", "It must be an http(s) URL, a data URL of an image, or the id of a stored file.");
        }

        json.WriteStartObject();
        json.WriteString("type"u8, "input_image"u8);
        json.WriteString("detail"u8, part.Choice("detail", "low", "high", "auto", "original") ?? nested?.Choice("detail", "low", "high", "auto") ?? "auto");
        WriteOptional(json, "image_url", url);
        WriteOptional(json, "file_id", file);
        json.WriteEndObject();
    }

    private static void WriteFile(Utf8JsonWriter json, FieldReader part)
    {
        var data = part.Text("file_data", least: 1);
        var file = part.Text("file_id", 1, 128);
        if (part.Has("file_url"))
        {
            part.Fail("file_url", "This server does not fetch files for a model; send 'file_data', or store the file with /v1/media and send its id.");
        }
        else if (data is null == file is null)
        {
            part.Fail("file_data", "A file needs either 'file_data' or 'file_id'.");
        }

        json.WriteStartObject();
        json.WriteString("type"u8, "input_file"u8);
        WriteOptional(json, "filename", part.Text("filename", most: 512));
        WriteOptional(json, "file_data", data);
        WriteOptional(json, "file_id", file);
        json.WriteEndObject();
    }

    private static bool IsAddress(string url, string data) =>
        url.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
        || url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        || url.StartsWith(data, StringComparison.OrdinalIgnoreCase)
        || url.StartsWith("jan_", StringComparison.Ordinal);

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
