using JanServer.Contracts.Accounts;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;

namespace JanServer.Accounts.Users;

/// <summary>A person or guest, known by the identity provider's issuer and subject.</summary>
internal sealed class User
{
    // Bounds the writes of users who change nothing: the age of what is known about their roles is exact to this.
    private static readonly TimeSpan RolesAgeResolution = TimeSpan.FromHours(1);

    public required Id<UserRef> Id { get; init; }

    public required string Issuer { get; init; }

    public required string Subject { get; init; }

    public string? Username { get; init; }

    public string? Email { get; init; }

    public bool EmailVerified { get; init; }

    public string? Name { get; init; }

    /// <summary>The roles of the newest token seen, sorted.</summary>
    public required string[] Roles { get; init; }

    /// <summary>The feature flags of that token, sorted.</summary>
    public required string[] Flags { get; init; }

    /// <summary>When that token was issued.</summary>
    public required DateTimeOffset RolesAsOf { get; init; }

    /// <summary>Since when none of the user's credentials are good, if they are not.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The user as a token describes it for the first time.</summary>
    public static User From(ResolvePrincipal token, DateTimeOffset issuedAt, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return new()
        {
            Id = Id<UserRef>.New(clock),
            Issuer = token.Issuer,
            Subject = token.Subject,
            Username = token.Username,
            Email = token.Email,
            EmailVerified = token.EmailVerified,
            Name = token.Name,
            Roles = Sorted(token.Roles),
            Flags = Sorted(token.Flags ?? []),
            RolesAsOf = issuedAt,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    /// <summary>The user as a newer token describes it, or null when there is nothing to write.</summary>
    /// <remarks>A claim that the token does not carry says nothing: not every client asks for e-mail and profile.</remarks>
    public User? ChangedBy(ResolvePrincipal token, DateTimeOffset issuedAt, DateTimeOffset now)
    {
        if (issuedAt < RolesAsOf)
        {
            return null;
        }

        var roles = Sorted(token.Roles);
        var flags = Sorted(token.Flags ?? []);
        var isSame = (token.Username is null || token.Username == Username)
            && (token.Email is null || (token.Email == Email && token.EmailVerified == EmailVerified))
            && (token.Name is null || token.Name == Name)
            && roles.AsSpan().SequenceEqual(Roles)
            && flags.AsSpan().SequenceEqual(Flags);
        return isSame && issuedAt - RolesAsOf < RolesAgeResolution
            ? null
            : new()
            {
                Id = Id,
                Issuer = Issuer,
                Subject = Subject,
                Username = token.Username ?? Username,
                Email = token.Email ?? Email,
                EmailVerified = token.Email is null ? EmailVerified : token.EmailVerified,
                Name = token.Name ?? Name,
                Roles = roles,
                Flags = flags,
                RolesAsOf = issuedAt,
                DisabledAt = DisabledAt,
                CreatedAt = CreatedAt,
                UpdatedAt = now,
            };
    }

    /// <summary>The token's roles, less those that a newer token no longer had.</summary>
    public IReadOnlyList<string> RolesOf(ResolvePrincipal token, DateTimeOffset issuedAt) =>
        issuedAt < RolesAsOf ? [.. token.Roles.Intersect(Roles, StringComparer.Ordinal)] : token.Roles;

    /// <summary>The token's feature flags, less those that a newer token no longer had.</summary>
    public IReadOnlyList<string> FlagsOf(ResolvePrincipal token, DateTimeOffset issuedAt) =>
        issuedAt < RolesAsOf ? [.. (token.Flags ?? []).Intersect(Flags, StringComparer.Ordinal)] : token.Flags ?? [];

    private static string[] Sorted(IEnumerable<string> roles) =>
        [.. roles.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}

/// <summary>The organization that every user has for itself; shared ones come with invitations.</summary>
internal sealed class Organization
{
    public required Id<OrganizationRef> Id { get; init; }

    public required string Name { get; init; }

    public bool IsPersonal { get; init; }

    public required Id<UserRef> CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>What keys, usage and limits are counted by within an organization.</summary>
internal sealed class Project
{
    public required Id<ProjectRef> Id { get; init; }

    public required Id<OrganizationRef> OrganizationId { get; init; }

    public required string Name { get; init; }

    public bool IsDefault { get; init; }

    public required Id<UserRef> CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A user and where its requests are accounted when it names no other place.</summary>
internal sealed record UserAtHome(User User, Id<OrganizationRef> OrganizationId, Id<ProjectRef> ProjectId);
