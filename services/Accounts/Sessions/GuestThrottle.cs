using JanServer.ServiceDefaults.Errors;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace JanServer.Accounts.Sessions;

/// <summary>
/// Counts guest logins per client address and minute, in the database because every replica must count the same. The gateway
/// limits as well; this holds when it is not in front.
/// </summary>
internal sealed class GuestThrottle(AccountsContext db, IOptions<GuestOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>Counts one login; the error when it is one too many.</summary>
    public async Task<ApiError?> CountAsync(string address, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var window = new DateTimeOffset(now.Ticks - (now.Ticks % Window.Ticks), TimeSpan.Zero);
        var logins = await db.Database
            .SqlQuery<int>(
                $"""
                INSERT INTO guest_login_windows AS counted (address, window_start, logins)
                VALUES ({address}, {window}, 1)
                ON CONFLICT (address, window_start) DO UPDATE SET logins = counted.logins + 1
                RETURNING logins AS "Value"
                """)
            .ToListAsync(ct);
        if (logins is [1])
        {
            await db.Database.ExecuteSqlAsync($"DELETE FROM guest_login_windows WHERE window_start < {window - Window}", ct);
        }

        return logins is [var count] && count > options.Value.PerAddressPerMinute
            ? ApiError.TooManyRequests("Too many guest logins from this address; try again in a minute.", window + Window - now)
            : null;
    }
}
