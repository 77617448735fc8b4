using System.Globalization;
using System.Text;
using System.Text.Json;
using JanServer.Contracts.Media;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Python;

/// <summary>Reads the arguments of <c>python_exec</c>. What is wrong is a sentence for the model.</summary>
internal sealed class PythonArguments(MediaClient media, IOptions<PythonOptions> options)
{
    private const string Python = "python";

    /// <summary>The call, or what is wrong.</summary>
    public async Task<(PythonCall? Call, string? Error)> ReadAsync(JsonElement arguments, CancellationToken ct)
    {
        if (Text(arguments, "code") is not { } code)
        {
            return (null, "'code' must hold the program.");
        }

        if (LanguageOf(Text(arguments, "language")) is not { } language)
        {
            return (null, "'language' must be python, bash or javascript.");
        }

        var (seconds, badTime) = SecondsOf(arguments);
        var session = Text(arguments, "session_id");
        var stdin = Text(arguments, "stdin");
        var wrong = badTime ?? (session is null ? null
            : language is not Python ? "Only python runs in a session; leave 'session_id' out."
            : stdin is not null ? "A program in a session has no standard input; put the data into the code or into a file."
            : null);
        if (wrong is not null)
        {
            return (null, wrong);
        }

        var (files, badFiles) = await FilesAsync(arguments, ct);
        return badFiles is null
            ? (new(code, language, session, seconds, stdin, files, [.. Items(arguments, "output_files").Select(item => item.ToString())]), null)
            : (null, badFiles);
    }

    public static bool IsApproved(JsonElement arguments) =>
        arguments.TryGetProperty("approved", out var approved) && approved.ValueKind is JsonValueKind.True;

    private static string? LanguageOf(string? name) => name?.ToLowerInvariant() switch
    {
        null or Python or "python3" or "py" => Python,
        "bash" or "sh" or "shell" => "bash",

        // SandboxFusion knows it by this name only, and our sandbox by this one too.
        "javascript" or "js" or "node" or "nodejs" => "nodejs",
        _ => null,
    };

    private (double Seconds, string? Error) SecondsOf(JsonElement arguments)
    {
        var most = options.Value.MaxTimeoutSeconds;
        return !arguments.TryGetProperty("timeout_seconds", out var value) || value.ValueKind is JsonValueKind.Null
            ? (Math.Min(options.Value.TimeoutSeconds, most), null)
            : value.ValueKind is JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds > 0 && seconds <= most ? (seconds, null)
            : (0, string.Create(CultureInfo.InvariantCulture, $"'timeout_seconds' must be more than 0 and at most {most}."));
    }

    private async Task<(IReadOnlyDictionary<string, string> Files, string? Error)> FilesAsync(JsonElement arguments, CancellationToken ct)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        long bytes = 0;
        foreach (var file in Items(arguments, "files"))
        {
            if (file.ValueKind is not JsonValueKind.Object || Text(file, "name") is not { } name)
            {
                return (files, "Each of 'files' must have a 'name'.");
            }

            var (content, error) = await ContentAsync(file, name, ct);
            if (content is null)
            {
                return (files, error);
            }

            bytes += content.Length;
            if (bytes > options.Value.MaxInputBytes)
            {
                return (files, $"'files' must not be larger than {options.Value.MaxInputBytes} bytes together.");
            }

            files[name] = Convert.ToBase64String(content);
        }

        return (files, null);
    }

    private async Task<(byte[]? Content, string? Error)> ContentAsync(JsonElement file, string name, CancellationToken ct)
    {
        if (Text(file, "media_id") is { } id)
        {
            return await StoredAsync(id, name, ct);
        }

        if (Text(file, "content_base64") is { } encoded)
        {
            var buffer = new byte[(encoded.Length / 4 * 3) + 3];
            return Convert.TryFromBase64String(encoded, buffer, out var length)
                ? (buffer[..length], null)
                : (null, $"'content_base64' of file '{name}' is not Base64.");
        }

        return file.TryGetProperty("content", out var text) && text.ValueKind is JsonValueKind.String
            ? (Encoding.UTF8.GetBytes(text.GetString()!), null)
            : (null, $"File '{name}' needs 'content', 'content_base64' or 'media_id'.");
    }

    private async Task<(byte[]? Content, string? Error)> StoredAsync(string id, string name, CancellationToken ct)
    {
        try
        {
            return await media.ReadAsync(id, ct) is { } content ? (content, null) : (null, $"The user has no stored file '{id}' (for file '{name}').");
        }
        catch (HttpRequestException)
        {
            return (null, $"The stored file '{id}' cannot be read now: media-api does not answer as it should.");
        }
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static JsonElement.ArrayEnumerator Items(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Array ? value.EnumerateArray() : default;
}
