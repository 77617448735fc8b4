using JanServer.Contracts.Ids;
using JanServer.Contracts.Media;
using JanServer.Data.Paging;
using JanServer.Data.Statements;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Paging;
using Microsoft.EntityFrameworkCore;

namespace JanServer.MediaApi.Objects;

/// <summary>The queries over stored files. Every one names the owner, but the one for who holds a signed link.</summary>
internal sealed class MediaStore(MediaContext db)
{
    /// <summary>
    /// Adds a file, or finds the one that the owner has with this content, which is then kept as long as the new one would be. Two
    /// uploads of the same content at once get the same row.
    /// </summary>
    public async Task<MediaObject> AddAsync(MediaObject media, CancellationToken ct) =>
        await (await db.OpenAsync(ct)).FirstOrDefaultAsync(
            $"""
            INSERT INTO media_objects AS media
                (id, user_id, organization_id, project_id, sha256, mime_type, bytes, filename, created_at, retention_until)
            VALUES ({media.Id}, {media.UserId}, {media.OrganizationId}, {media.ProjectId}, {media.Sha256}, {media.MimeType}, {media.Bytes},
                {media.Filename}, {media.CreatedAt}, {media.RetentionUntil})
            ON CONFLICT ON CONSTRAINT media_objects_content DO UPDATE SET retention_until =
                CASE WHEN excluded.retention_until IS NULL THEN NULL ELSE greatest(media.retention_until, excluded.retention_until) END
            RETURNING id, mime_type, bytes, filename, created_at, retention_until
            """,
            row => new MediaObject
            {
                Id = new(row.GetGuid(0)),
                UserId = media.UserId,
                OrganizationId = media.OrganizationId,
                ProjectId = media.ProjectId,
                Sha256 = media.Sha256,
                MimeType = row.GetString(1),
                Bytes = row.GetInt64(2),
                Filename = row.IsDBNull(3) ? null : row.GetString(3),
                CreatedAt = row.GetFieldValue<DateTimeOffset>(4),
                RetentionUntil = row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5),
            },
            ct)
        ?? throw new InvalidOperationException("The insert returned no row.");

    /// <summary>How many bytes a user has stored, in all projects.</summary>
    public Task<long> BytesOfAsync(Caller owner, CancellationToken ct) =>
        db.MediaObjects.Where(media => media.UserId == owner.UserId).SumAsync(media => media.Bytes, ct);

    public Task<MediaObject?> FindAsync(Caller owner, Id<MediaRef> id, CancellationToken ct) =>
        Of(owner).SingleOrDefaultAsync(media => media.Id == id, ct);

    /// <summary>Finds those that the owner has; the order is none.</summary>
    public Task<List<MediaObject>> FindAsync(Caller owner, IReadOnlyCollection<Id<MediaRef>> ids, CancellationToken ct) =>
        Of(owner).Where(media => ids.Contains(media.Id)).ToListAsync(ct);

    /// <summary>For who holds a link that we signed: the signature stands for the owner.</summary>
    public Task<MediaObject?> FindForLinkAsync(Id<MediaRef> id, CancellationToken ct) =>
        db.MediaObjects.SingleOrDefaultAsync(media => media.Id == id, ct);

    /// <summary>A page of the owner's files and one more.</summary>
    public Task<List<MediaObject>> ListAsync(Caller owner, PageQuery page, CancellationToken ct) =>
        Of(owner).PageBy(page, media => media.Id).ToListAsync(ct);

    /// <summary>Forgets a file; false when the owner has none with that id.</summary>
    public async Task<bool> RemoveAsync(Caller owner, Id<MediaRef> id, CancellationToken ct) =>
        await Of(owner).Where(media => media.Id == id).ExecuteDeleteAsync(ct) > 0;

    /// <summary>Forgets files whose time is over, and says which.</summary>
    public async Task<List<Id<MediaRef>>> RemoveExpiredAsync(DateTimeOffset now, int count, CancellationToken ct) =>
        await (await db.OpenAsync(ct)).ListAsync(
            $"""
            DELETE FROM media_objects WHERE id IN
                (SELECT id FROM media_objects WHERE retention_until <= {now} LIMIT {count} FOR UPDATE SKIP LOCKED)
            RETURNING id
            """,
            row => new Id<MediaRef>(row.GetGuid(0)),
            ct);

    /// <summary>Which of these exist.</summary>
    public async Task<HashSet<Id<MediaRef>>> ExistingAsync(IReadOnlyCollection<Id<MediaRef>> ids, CancellationToken ct) =>
        [.. await db.MediaObjects.Where(media => ids.Contains(media.Id)).Select(media => media.Id).ToListAsync(ct)];

    private IQueryable<MediaObject> Of(Caller owner) =>
        db.MediaObjects.Where(media => media.UserId == owner.UserId && media.ProjectId == owner.ProjectId);
}
