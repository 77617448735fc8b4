using System.Collections.Immutable;
using System.Text;
using System.Threading.Channels;

namespace Aspire.Hosting.Local;

/// <summary>A line of a resource's output.</summary>
/// <param name="Resource">Whose line it is.</param>
/// <param name="Number">Counts the lines of one resource from 1 on; a gap is what a slow reader lost.</param>
/// <param name="Time">When it arrived.</param>
/// <param name="Text">The line as the program wrote it, without its end.</param>
/// <param name="IsError">It came from standard error.</param>
internal sealed record LogLine(string Resource, long Number, DateTimeOffset Time, string Text, bool IsError);

/// <summary>The last lines of a resource's output in memory, for the dashboard and error messages, and a bounded file.</summary>
internal sealed class ResourceLog(string resource) : IDisposable
{
    private const int LinesInMemory = 2_000;
    private const long BytesPerFile = 10 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<LogLine> _lines = new();
    private ImmutableArray<ChannelWriter<LogLine>> _readers = [];
    private StreamWriter? _file;
    private string? _path;
    private long _count;

    /// <summary>Begins a new file; the one of the run before stays beside it as <c>.1</c>.</summary>
    public void OpenFile(string path)
    {
        lock (_lock)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            _path = path;
            Roll();
        }
    }

    public void Append(string text) => Append(text, isError: false);

    public void AppendError(string text) => Append(text, isError: true);

    public IReadOnlyList<string> Tail(int count)
    {
        lock (_lock)
        {
            return [.. _lines.TakeLast(count).Select(l => l.Text)];
        }
    }

    /// <summary>
    /// The lines in memory; each later one goes to <paramref name="reader"/> until <see cref="Unfollow"/>. The reader must be a
    /// channel that drops what does not fit: nothing waits for it.
    /// </summary>
    public IReadOnlyList<LogLine> Follow(ChannelWriter<LogLine> reader)
    {
        lock (_lock)
        {
            _readers = _readers.Add(reader);
            return [.. _lines];
        }
    }

    public void Unfollow(ChannelWriter<LogLine> reader)
    {
        lock (_lock)
        {
            _readers = _readers.Remove(reader);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private void Append(string text, bool isError)
    {
        lock (_lock)
        {
            var line = new LogLine(resource, ++_count, TimeProvider.System.GetUtcNow(), text, isError);
            _lines.Enqueue(line);
            if (_lines.Count > LinesInMemory)
            {
                _lines.Dequeue();
            }

            if (_file is not null)
            {
                _file.WriteLine(text);
                if (_file.BaseStream.Length > BytesPerFile)
                {
                    Roll();
                }
            }

            foreach (var reader in _readers)
            {
                reader.TryWrite(line);
            }
        }
    }

    private void Roll()
    {
        _file?.Dispose();
        if (File.Exists(_path))
        {
            File.Move(_path, _path + ".1", overwrite: true);
        }

        _file = new(_path!, append: false, new UTF8Encoding(false)) { AutoFlush = true };
    }
}
