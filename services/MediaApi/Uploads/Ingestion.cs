using System.Buffers;
using System.Security.Cryptography;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Media;
using JanServer.MediaApi.Downloads;
using JanServer.MediaApi.Files;
using JanServer.MediaApi.Objects;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.MediaApi.Uploads;

/// <summary>
/// Takes a file in: written while it is hashed, so that its size is never in memory; judged by its first bytes; stored once per owner.
/// The file is in its place before its row is, so a row always has a file.
/// </summary>
internal sealed class Ingestion(MediaStore store, FileStore files, Links links, IOptions<MediaOptions> options, TimeProvider clock)
{
    private const int Step = 64 << 10;
    private const int MaxFilename = 255;

    public async Task<(StoredMedia? Stored, ApiError? Error)> StoreAsync(
        Stream content, string? filename, string param, Caller owner, CancellationToken ct)
    {
        // PostgreSQL keeps microseconds: the answer says the times that later answers say.
        var now = clock.GetUtcNow();
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        var room = options.Value.MaxBytesPerUser - await store.BytesOfAsync(owner, ct);
        var id = Id<MediaRef>.New(clock);
        try
        {
            var (written, error) = await WriteAsync(id, content, room, param, ct);
            if (written is null)
            {
                return (null, error);
            }

            files.Accept(id);
            var media = await store.AddAsync(
                new()
                {
                    Id = id,
                    UserId = owner.UserId,
                    OrganizationId = owner.OrganizationId,
                    ProjectId = owner.ProjectId,
                    Sha256 = written.Sha256,
                    MimeType = written.MimeType,
                    Bytes = written.Bytes,
                    Filename = Clean(filename),
                    CreatedAt = now,
                    RetentionUntil = options.Value.RetentionDays > 0 ? now.AddDays(options.Value.RetentionDays) : null,
                },
                ct);
            var deduped = media.Id != id;
            if (deduped)
            {
                files.Remove(id);
            }

            var link = links.To(media.Id);
            return (
                new(media.Id.ToString(), media.MimeType, media.MimeType, media.Bytes, deduped, link.Url, link.ExpiresAt, media.Filename),
                null);
        }
        finally
        {
            files.Abandon(id);
        }
    }

    private async Task<(Written? Written, ApiError? Error)> WriteAsync(
        Id<MediaRef> id, Stream content, long room, string param, CancellationToken ct)
    {
        var maxBytes = options.Value.MaxBytes;
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = files.Begin(id);
        var buffer = ArrayPool<byte>.Shared.Rent(Step);
        try
        {
            string? mimeType = null;
            long bytes = 0;
            while (true)
            {
                var (read, broken) = await ReadAsync(content, buffer, param, ct);
                if (broken is not null)
                {
                    return (null, broken);
                }

                if (read == 0)
                {
                    break;
                }

                bytes += read;
                if (bytes > maxBytes)
                {
                    return (null, new(
                        StatusCodes.Status413PayloadTooLarge,
                        ErrorCodes.RequestTooLarge,
                        $"The file is larger than the {maxBytes} bytes that are taken.",
                        param));
                }

                if (bytes > room)
                {
                    return (null, new(
                        StatusCodes.Status413PayloadTooLarge,
                        ErrorCodes.RequestTooLarge,
                        $"With this file you would have more than {options.Value.MaxBytesPerUser} bytes stored. Delete some first.",
                        param));
                }

                mimeType ??= MediaTypes.Of(buffer.AsSpan(0, read));
                if (mimeType is null)
                {
                    return (null, new(
                        StatusCodes.Status415UnsupportedMediaType,
                        ErrorCodes.UnsupportedMediaType,
                        $"The content is none of the kinds that are taken: {MediaTypes.Accepted}.",
                        param));
                }

                sha256.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), ct);
            }

            if (mimeType is null)
            {
                return (null, ApiError.Invalid(param, "The file is empty."));
            }

            // What the answer calls stored survives a power cut.
            RandomAccess.FlushToDisk(file.SafeFileHandle);
            return (new(sha256.GetHashAndReset(), mimeType, bytes), null);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads a full step unless the content ends, so that the first one is long enough to tell the kind by.</summary>
    private static async Task<(int Read, ApiError? Error)> ReadAsync(Stream content, byte[] buffer, string param, CancellationToken ct)
    {
        try
        {
            return (await content.ReadAtLeastAsync(buffer.AsMemory(0, Step), MediaTypes.HeadLength, throwOnEndOfStream: false, ct), null);
        }
        catch (Exception exception) when (exception is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            return (0, ApiError.Invalid(param, "The form ends in the middle of the file."));
        }
    }

    /// <summary>The name without its folders and without what does not belong into a header.</summary>
    private static string? Clean(string? filename)
    {
        var name = new string([.. (filename ?? "").Split('/', '\\')[^1].Where(c => !char.IsControl(c) && !char.IsSurrogate(c))]).Trim();
        return name.Length == 0 ? null : name[..Math.Min(name.Length, MaxFilename)];
    }

    private sealed record Written(byte[] Sha256, string MimeType, long Bytes);
}
