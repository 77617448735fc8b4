using JanServer.Accounts.IdentityProvider;
using JanServer.Accounts.Users;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.Accounts.AdminUsers;

/// <summary>
/// Changes users at the identity provider and then here, where doing it again completes what failed in between. The second step does
/// not end when the client hangs up.
/// </summary>
internal sealed class UserSwitch(UserTarget target, KeycloakUsers users, UserStanding standing)
{
    /// <summary>Changes a user; the reason when it is refused.</summary>
    public async Task<ApiError?> ApplyAsync(Caller caller, string id, KeycloakUser change, CancellationToken ct)
    {
        var (subject, error) = await target.FindAsync(id, change.Enabled == false ? caller : null, "deactivate", ct);
        if (subject is null)
        {
            return error;
        }

        if (await users.UpdateAsync(subject, change, ct) is { } refused)
        {
            return refused;
        }

        await (change.Enabled switch
        {
            true => standing.AdmitAsync(subject, CancellationToken.None),
            false => standing.RefuseAsync(subject, CancellationToken.None),
            null => Task.CompletedTask,
        });
        return null;
    }

    /// <summary>Removes a user, who is shut out before: afterwards nobody could name them any more. The reason when it is refused.</summary>
    public async Task<ApiError?> RemoveAsync(Caller caller, string id, CancellationToken ct)
    {
        var (subject, error) = await target.FindAsync(id, caller, "delete", ct);
        if (subject is null)
        {
            return error;
        }

        await standing.RefuseAsync(subject, CancellationToken.None);
        return await users.RemoveAsync(subject, CancellationToken.None);
    }

    /// <summary>Gives a user a role; the reason when it is refused.</summary>
    public async Task<ApiError?> GiveRoleAsync(string id, string role, CancellationToken ct)
    {
        var (subject, error) = await target.FindAsync(id, ct);
        if (subject is null || await users.FindRoleAsync(role, ct) is not { } found)
        {
            return error ?? ApiError.NotFound("role");
        }

        if (await users.GiveRoleAsync(subject, found, ct) is { } refused)
        {
            return refused;
        }

        await standing.GiveRoleAsync(subject, found.Name, CancellationToken.None);
        return null;
    }

    /// <summary>Takes a role from a user; the reason when it is refused.</summary>
    public async Task<ApiError?> TakeRoleAsync(Caller caller, string id, string role, CancellationToken ct)
    {
        var isAdmin = string.Equals(role, Caller.AdminRole, StringComparison.OrdinalIgnoreCase);
        var (subject, error) = await target.FindAsync(id, isAdmin ? caller : null, "take the administrator's role from", ct);
        if (subject is null || await users.FindRoleAsync(role, ct) is not { } found)
        {
            return error ?? ApiError.NotFound("role");
        }

        if (await users.TakeRoleAsync(subject, found, ct) is { } refused)
        {
            return refused;
        }

        await standing.TakeRoleAsync(subject, found.Name, CancellationToken.None);
        return null;
    }
}
