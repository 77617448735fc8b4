using System.Globalization;
using System.Net;
using JanServer.Contracts.Media;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Python;

/// <summary>Makes artifacts of the files that a program wrote: stored for the caller and linked, or in the result, or named as left out.</summary>
internal sealed class Artifacts(MediaClient media, IOptions<PythonOptions> options)
{
    /// <summary>The artifacts and what is left out, in the order of their names.</summary>
    /// <param name="files">Base64 by name.</param>
    /// <param name="skipped">What the sandbox left out.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<(IReadOnlyList<Artifact> Artifacts, IReadOnlyList<LeftOut>? LeftOut)> MakeAsync(
        IEnumerable<KeyValuePair<string, string?>> files, IReadOnlyList<SandboxSkipped?>? skipped, CancellationToken ct)
    {
        List<Artifact> made = [];
        // The answer is what code in the sandbox can make: elements may be null whatever their types say.
        List<LeftOut> left = [.. (skipped ?? []).OfType<SandboxSkipped>().Select(file => new LeftOut(file.Path ?? "", file.Bytes, Why(file.Reason)))];
        var room = options.Value.MaxInlineTotalBytes;
        foreach (var (name, encoded) in files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            var content = new byte[((encoded?.Length ?? 0) / 4 * 3) + 3];
            if (encoded is null || !Convert.TryFromBase64String(encoded, content, out var length))
            {
                left.Add(new(name, null, "The sandbox did not send it as Base64."));
                continue;
            }

            var (artifact, why) = await MakeAsync(name, content.AsMemory(0, length), room, ct);
            if (artifact is null)
            {
                left.Add(new(name, length, why!));
                continue;
            }

            room -= artifact.Base64 is null ? 0 : length;
            made.Add(artifact);
        }

        return (made, left.Count > 0 ? left : null);
    }

    private async Task<(Artifact? Artifact, string? Why)> MakeAsync(string name, ReadOnlyMemory<byte> content, int room, CancellationToken ct)
    {
        var kind = FileKinds.Stored(content.Span);
        string? why = null;
        if (kind is not null)
        {
            (var stored, why) = await StoreAsync(name, content, kind, ct);
            if (stored is not null)
            {
                return (new(name, stored.MimeType, stored.Bytes, stored.Id, stored.Url), null);
            }
        }

        return content.Length <= Math.Min(options.Value.MaxInlineBytes, room)
            ? (new(name, kind ?? FileKinds.Named(name), content.Length, Base64: Convert.ToBase64String(content.Span)), null)
            : (null, why ?? string.Create(
                CultureInfo.InvariantCulture,
                $"Only images and PDF files are stored, and no more than {options.Value.MaxInlineBytes} bytes of another file are returned. Print what matters of it."));
    }

    private async Task<(StoredMedia? Stored, string? Why)> StoreAsync(string name, ReadOnlyMemory<byte> content, string kind, CancellationToken ct)
    {
        try
        {
            return (await media.StoreAsync(content, kind, Path.GetFileName(name), ct), null);
        }
        catch (MediaTooLargeException)
        {
            return (null, "It is larger than what the user may store.");
        }
        catch (HttpRequestException exception)
        {
            return (null, exception.StatusCode is HttpStatusCode.Forbidden
                ? "The credential of this call may not store files."
                : "It could not be stored: media-api does not answer as it should.");
        }
    }

    private static string Why(string? reason) => reason switch
    {
        "not_found" => "The program wrote no such file.",
        "too_large" => "It is larger than what the sandbox gives back.",
        "too_many" => "There are more files than the sandbox gives back.",
        _ => reason ?? "The sandbox left it out.",
    };
}
