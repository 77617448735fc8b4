using System.Text;

namespace JanServer.Testing.Streams;

/// <summary>
/// Reads server-sent events (WHATWG HTML 9.2.6) as they arrive, one at a time, so that a test can say what the client
/// has seen before the server sent more. Comments are kept apart.
/// </summary>
public sealed class SseReader(Stream stream) : IDisposable
{
    private readonly StreamReader _reader = new(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
    private readonly List<string> _comments = [];

    /// <summary>The comments so far, such as heartbeats.</summary>
    public IReadOnlyList<string> Comments => _comments;

    /// <summary>Opens the body of a response whose headers have been read.</summary>
    public static async Task<SseReader> OpenAsync(HttpResponseMessage response) => new(await response.Content.ReadAsStreamAsync());

    /// <summary>The next event; null at the end of the stream. An event without its empty line at the end is none.</summary>
    public async Task<SseEvent?> NextAsync()
    {
        string? name = null;
        string? id = null;
        List<string>? data = null;
        while (await _reader.ReadLineAsync().Soon() is { } line)
        {
            if (line.Length == 0)
            {
                if (data is not null)
                {
                    return new SseEvent(string.Join('\n', data), name, id);
                }

                name = null;
                continue;
            }

            if (line[0] == ':')
            {
                _comments.Add(line[1..].Trim());
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var field = colon < 0 ? line : line[..colon];
            var value = colon < 0 ? "" : line[(colon + 1)..];
            value = value.StartsWith(' ') ? value[1..] : value;
            switch (field)
            {
                case "data":
                    (data ??= []).Add(value);
                    break;
                case "event":
                    name = value;
                    break;
                case "id":
                    id = value;
                    break;
            }
        }

        return null;
    }

    /// <summary>All events that are left.</summary>
    public async Task<IReadOnlyList<SseEvent>> RestAsync()
    {
        var events = new List<SseEvent>();
        while (await NextAsync() is { } next)
        {
            events.Add(next);
        }

        return events;
    }

    public void Dispose() => _reader.Dispose();
}
