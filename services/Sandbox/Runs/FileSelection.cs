using JanServer.Sandbox.Isolation;

namespace JanServer.Sandbox.Runs;

/// <summary>Chooses which files of a sandbox are given back.</summary>
/// <param name="asked">The files asked for, as they were asked for.</param>
/// <param name="given">What was put in, by absolute path: unchanged, it is not new.</param>
/// <param name="takesNew">Whether every new or changed file of the working folder is given back.</param>
/// <param name="options">How many and how much.</param>
internal sealed class FileSelection(
    IReadOnlyList<string> asked, IReadOnlyDictionary<string, byte[]> given, bool takesNew, SandboxOptions options)
{
    private const int MaxSkipped = 100;
    private const string Prefix = JailCommand.WorkingFolder + "/";

    private readonly Dictionary<string, string> _asked = asked
        .DistinctBy(WorkPath.Resolve)
        .ToDictionary(path => WorkPath.Resolve(path)!, path => path, StringComparer.Ordinal);

    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);
    private readonly List<SkippedFile> _skipped = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Whether any file may be given back.</summary>
    public bool WantsAny => takesNew || _asked.Count > 0;

    /// <summary>The chosen files: Base64 by path.</summary>
    public IReadOnlyDictionary<string, string> Files => _files;

    /// <summary>What was wanted and is not given back, the first hundred.</summary>
    public IReadOnlyList<SkippedFile>? Skipped()
    {
        var missing = _asked.Where(file => !_seen.Contains(file.Key)).Select(file => new SkippedFile(file.Value, null, "not_found"));
        SkippedFile[] all = [.. _skipped, .. missing];
        return all.Length == 0 ? null : all[..Math.Min(all.Length, MaxSkipped)];
    }

    /// <summary>Takes a file if it is wanted and there is room.</summary>
    /// <param name="path">Its absolute path inside.</param>
    /// <param name="length">Its size in bytes.</param>
    /// <param name="content">Its content.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task OfferAsync(string path, long length, Stream? content, CancellationToken ct)
    {
        var isAsked = _asked.TryGetValue(path, out var name);
        if (!isAsked && !(takesNew && path.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            return;
        }

        _seen.Add(path);
        name ??= path[Prefix.Length..];
        if (length > Room)
        {
            Skip(name, length, "too_large");
            return;
        }

        var bytes = new byte[length];
        if (content is not null)
        {
            await content.ReadExactlyAsync(bytes, ct);
        }

        if (!isAsked && given.TryGetValue(path, out var before) && bytes.AsSpan().SequenceEqual(before))
        {
            return;
        }

        if (_files.Count >= options.MaxFiles)
        {
            Skip(name, length, "too_many");
            return;
        }

        _files[name] = Convert.ToBase64String(bytes);
        _bytes += length;
    }

    private long Room => ((long)options.MaxFilesMb << 20) - _bytes;

    private void Skip(string name, long length, string reason)
    {
        if (_skipped.Count < MaxSkipped)
        {
            _skipped.Add(new(name, length, reason));
        }
    }
}
