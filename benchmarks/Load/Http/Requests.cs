using System.Text;

namespace JanServer.Benchmarks.Load.Http;

/// <summary>The prepared bytes of the requests.</summary>
internal static class Requests
{
    private const string Text = "Summarise the following paragraph in one sentence, please: the quick brown fox jumps over the lazy dog and runs away.";

    public static byte[] Chat(string model, bool stream, string? key, string? conversation = null)
    {
        var named = conversation is null ? "" : $"\"conversation\":\"{conversation}\",";
        var body = $$"""{"model":"{{model}}",{{named}}"stream":{{(stream ? "true" : "false")}},"messages":[{"role":"system","content":"You are helpful."},{"role":"user","content":"{{Text}}"}],"temperature":0.2}""";
        return Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            + (key is null ? "" : $"Authorization: Bearer {key}\r\n")
            + $"Content-Length: {body.Length}\r\n\r\n{body}");
    }
}
