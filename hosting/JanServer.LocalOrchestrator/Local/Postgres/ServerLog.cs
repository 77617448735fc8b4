using System.Diagnostics;
using System.Text;

namespace Aspire.Hosting.Local.Postgres;

/// <summary>Follows what the server prints: into a file, to a listener, and the last lines for error messages.</summary>
internal sealed class ServerLog(string? path, Action<string>? onLine)
{
    private const int TailLines = 20;

    private readonly Lock _gate = new();
    private readonly Queue<string> _tail = new();

    public string Tail
    {
        get
        {
            lock (_gate)
            {
                return string.Join('\n', _tail);
            }
        }
    }

    public bool Says(string text) => Tail.Contains(text, StringComparison.Ordinal);

    /// <summary>Reads to the server's end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> FollowAsync(Process server)
    {
        await using var file = Open();
        await Task.WhenAll(CopyAsync(server.StandardOutput, file), CopyAsync(server.StandardError, file));
        await server.WaitForExitAsync();
        return server.ExitCode;
    }

    private StreamWriter? Open()
    {
        if (path is null)
        {
            return null;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return new StreamWriter(path, append: true, new UTF8Encoding(false)) { AutoFlush = true };
    }

    private async Task CopyAsync(StreamReader from, StreamWriter? file)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            Keep(line, file);
            onLine?.Invoke(line);
        }
    }

    private void Keep(string line, StreamWriter? file)
    {
        lock (_gate)
        {
            _tail.Enqueue(line);
            if (_tail.Count > TailLines)
            {
                _tail.Dequeue();
            }

            file?.WriteLine(line);
        }
    }
}
