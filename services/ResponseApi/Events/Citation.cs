using System.Text.Json;

namespace JanServer.ResponseApi.Events;

/// <summary>A page that a text names.</summary>
/// <param name="Start">Where in the text, in UTF-16 code units.</param>
/// <param name="End">After its last one.</param>
internal sealed record Citation(int Start, int End, string Url, string Title)
{
    /// <summary>Writes it as OpenAI's <c>url_citation</c>.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "url_citation"u8);
        json.WriteNumber("start_index"u8, Start);
        json.WriteNumber("end_index"u8, End);
        json.WriteString("url"u8, Url);
        json.WriteString("title"u8, Title);
        json.WriteEndObject();
    }
}
