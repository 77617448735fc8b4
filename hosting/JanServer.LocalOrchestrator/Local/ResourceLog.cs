using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;

namespace Aspire.Hosting.Local;

/// <summary>The last lines of a resource's output in memory, for the dashboard and error messages, and a bounded file.</summary>
internal sealed class ResourceLog : IDisposable
{
    private const int LinesInMemory = 2_000;
    private const long BytesPerFile = 10 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new();
    private ImmutableArray<ChannelWriter<string>> _readers = [];
    private StreamWriter? _file;
    private string? _path;

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

    public void Append(string line)
    {
        lock (_lock)
        {
            _lines.Enqueue(line);
            if (_lines.Count > LinesInMemory)
            {
                _lines.Dequeue();
            }

            if (_file is not null)
            {
                _file.WriteLine(line);
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

    public IReadOnlyList<string> Tail(int count)
    {
        lock (_lock)
        {
            return [.. _lines.TakeLast(count)];
        }
    }

    /// <summary>The lines in memory, then each new one. A reader that is too slow loses the oldest.</summary>
    public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var bound = new BoundedChannelOptions(2 * LinesInMemory) { FullMode = BoundedChannelFullMode.DropOldest };
        var lines = Channel.CreateBounded<string>(bound);
        lock (_lock)
        {
            foreach (var line in _lines)
            {
                lines.Writer.TryWrite(line);
            }

            _readers = _readers.Add(lines.Writer);
        }

        try
        {
            await foreach (var line in lines.Reader.ReadAllAsync(ct))
            {
                yield return line;
            }
        }
        finally
        {
            lock (_lock)
            {
                _readers = _readers.Remove(lines.Writer);
            }
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
