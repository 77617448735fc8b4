using Microsoft.EntityFrameworkCore;

namespace JanServer.Identity.Tokens;

/// <summary>The table refresh_tokens.</summary>
internal sealed class RefreshTokenStore(IdentityDbContext db)
{
    public async Task AddAsync(RefreshToken token, CancellationToken ct)
    {
        db.RefreshTokens.Add(token);
        await db.SaveChangesAsync(ct);
        db.ChangeTracker.Clear();
    }

    public Task<RefreshToken?> FindAsync(byte[] hash, CancellationToken ct) =>
        db.RefreshTokens.FirstOrDefaultAsync(token => token.TokenHash == hash, ct);

    /// <summary>True for exactly one caller.</summary>
    public async Task<bool> RotateAsync(Guid id, DateTimeOffset now, CancellationToken ct) =>
        await db.RefreshTokens.Where(token => token.Id == id && token.RotatedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(token => token.RotatedAt, now), ct) == 1;

    public Task<DateTimeOffset?> FindRotatedAtAsync(Guid id, CancellationToken ct) =>
        db.RefreshTokens.Where(token => token.Id == id).Select(token => token.RotatedAt).FirstOrDefaultAsync(ct);

    /// <summary>Whether a successor of the token has been used, which proves that it arrived.</summary>
    public Task<bool> HasUsedSuccessorAsync(Guid id, CancellationToken ct) =>
        db.RefreshTokens.AnyAsync(token => token.ParentId == id && token.RotatedAt != null, ct);
}
