using Microsoft.EntityFrameworkCore;

namespace JanServer.Identity.Login;

/// <summary>The table authorization_codes.</summary>
internal sealed class CodeStore(IdentityDbContext db)
{
    public async Task AddAsync(AuthorizationCode code, CancellationToken ct)
    {
        db.AuthorizationCodes.Add(code);
        await db.SaveChangesAsync(ct);
    }

    public Task<AuthorizationCode?> FindAsync(byte[] hash, CancellationToken ct) =>
        db.AuthorizationCodes.FirstOrDefaultAsync(code => code.CodeHash == hash, ct);

    /// <summary>True for exactly one caller.</summary>
    public async Task<bool> RedeemAsync(byte[] hash, DateTimeOffset now, CancellationToken ct) =>
        await db.AuthorizationCodes.Where(code => code.CodeHash == hash && code.RedeemedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(code => code.RedeemedAt, now), ct) == 1;
}
