using System.Net.Mail;
using JanServer.Identity.Errors;
using JanServer.Identity.Realms;
using JanServer.Identity.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace JanServer.Identity.Users;

/// <summary>Creates and changes users of realm jan, for the admin API and for registration.</summary>
internal sealed class UserRegistry(
    IdentityDbContext db,
    UserManager<User> manager,
    IPasswordHasher<User> hasher,
    SessionStore sessions,
    IOptions<RealmOptions> options,
    TimeProvider clock)
{
    private const int MaxNameLength = 255;
    private const string ForbiddenInNames = "<>&\"'%$!?*/\\|`^~{}[]();,";

    /// <summary>The new user, or why not.</summary>
    public async Task<(User? User, AdminError? Error)> AddAsync(UserRepresentation input, CancellationToken ct)
    {
        var username = input.Username?.Trim().ToLowerInvariant();
        if (string.IsNullOrEmpty(username))
        {
            return (null, AdminError.Invalid("User name is missing", "username"));
        }

        var password = input.Credentials?.FirstOrDefault(credential => credential.Type is null or "password");
        if (Invalid(username, input.Email) is { } invalid)
        {
            return (null, invalid);
        }

        if (password is not null && Weak(password.Value) is { } weak)
        {
            return (null, weak);
        }

        var now = clock.GetUtcNow();
        var user = new User
        {
            Id = Guid.CreateVersion7(now),
            Realm = Realm.Jan,
            UserName = username,
            Email = Normal(input.Email),
            EmailConfirmed = input.EmailVerified ?? false,
            FirstName = input.FirstName,
            LastName = input.LastName,
            Enabled = input.Enabled ?? false,
            Attributes = input.Attributes ?? [],
            RequiredActions = input.RequiredActions ?? [],
            CreatedAt = now,
        };
        if (password is not null)
        {
            user.PasswordHash = hasher.HashPassword(user, password.Value!);
            MarkTemporary(user, password.Temporary == true);
        }

        if (await db.Users.AnyAsync(row => row.NormalizedUserName == manager.NormalizeName(username), ct))
        {
            return (null, AdminError.Conflict("User exists with same username"));
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await SaveAsync(() => manager.CreateAsync(user)) is { } conflict)
        {
            return (null, conflict);
        }

        var groups = (input.Groups ?? []).Select(path => path.TrimStart('/')).Concat(options.Value.DefaultGroups).ToList();
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO user_roles SELECT {user.Id}, id FROM roles WHERE name = ANY ({options.Value.DefaultRoles.ToArray()})", ct);
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO group_members (group_id, user_id) SELECT id, {user.Id} FROM groups WHERE name = ANY ({groups.ToArray()})", ct);
        await transaction.CommitAsync(ct);
        return (user, null);
    }

    /// <summary>Applies what <paramref name="input"/> has; null when it is done.</summary>
    public async Task<AdminError?> UpdateAsync(User user, UserRepresentation input, CancellationToken ct)
    {
        var username = input.Username?.Trim().ToLowerInvariant() is { Length: > 0 } name ? name : user.UserName!;
        if (Invalid(username, input.Email) is { } invalid)
        {
            return invalid;
        }

        user.UserName = username;
        user.Email = input.Email is null ? user.Email : Normal(input.Email);
        user.EmailConfirmed = input.EmailVerified ?? user.EmailConfirmed;
        user.FirstName = input.FirstName ?? user.FirstName;
        user.LastName = input.LastName ?? user.LastName;
        user.Enabled = input.Enabled ?? user.Enabled;
        user.Attributes = input.Attributes ?? user.Attributes;
        user.RequiredActions = input.RequiredActions ?? user.RequiredActions;
        if (await SaveAsync(() => manager.UpdateAsync(user)) is { } conflict)
        {
            return conflict;
        }

        if (!user.Enabled)
        {
            await sessions.RemoveAllOfAsync(user.Id, ct);
        }

        return null;
    }

    /// <summary>Sets the password and lifts a lockout; null when it is done.</summary>
    public async Task<AdminError?> SetPasswordAsync(User user, CredentialRepresentation credential)
    {
        if (Weak(credential.Value) is { } weak)
        {
            return weak;
        }

        user.PasswordHash = hasher.HashPassword(user, credential.Value!);
        user.LockoutEnd = null;
        user.AccessFailedCount = 0;
        MarkTemporary(user, credential.Temporary == true);
        return await SaveAsync(() => manager.UpdateSecurityStampAsync(user));
    }

    public async Task<bool> RemoveAsync(Guid id, CancellationToken ct) =>
        await db.Users.Where(user => user.Id == id && user.Realm == Realm.Jan).ExecuteDeleteAsync(ct) == 1;

    private static void MarkTemporary(User user, bool temporary)
    {
        user.RequiredActions = [.. user.RequiredActions.Where(action => action != User.UpdatePassword)];
        if (temporary)
        {
            user.RequiredActions.Add(User.UpdatePassword);
        }
    }

    private async Task<AdminError?> SaveAsync(Func<Task<IdentityResult>> save)
    {
        try
        {
            return (await save()) switch
            {
                { Succeeded: true } => null,
                var refused when refused.Errors.Any(error => error.Code == "DuplicateUserName") => AdminError.Conflict("User exists with same username"),
                var refused when refused.Errors.Any(error => error.Code == "ConcurrencyFailure") => AdminError.Conflict("The user was changed by somebody else"),
                var refused => AdminError.Invalid(refused.Errors.First().Description),
            };
        }
        catch (DbUpdateException duplicate) when (duplicate.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } violation)
        {
            return AdminError.Conflict(
                violation.ConstraintName == "ix_users_normalized_email" ? "User exists with same email" : "User exists with same username");
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    private static AdminError? Invalid(string username, string? email)
    {
        if (username.Length > MaxNameLength || username.Any(c => char.IsControl(c) || ForbiddenInNames.Contains(c, StringComparison.Ordinal)))
        {
            return AdminError.Invalid("error-invalid-value", "username");
        }

        var isMail = email is null or "" || (email.Length <= MaxNameLength && MailAddress.TryCreate(email, out var address) && address.Address == email);
        return isMail ? null : AdminError.Invalid("error-invalid-email", "email");
    }

    private AdminError? Weak(string? password) =>
        password is null or ""
            ? AdminError.Invalid("No password provided", "value")
            : password.Length < options.Value.PasswordMinLength
                ? AdminError.Invalid($"Invalid password: minimum length {options.Value.PasswordMinLength}.", "value")
                : null;

    private static string? Normal(string? email) => string.IsNullOrWhiteSpace(email) ? null : email.ToLowerInvariant();
}
