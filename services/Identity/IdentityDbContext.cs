using System.Text.Json;
using JanServer.Identity.Groups;
using JanServer.Identity.Keys;
using JanServer.Identity.Login;
using JanServer.Identity.Roles;
using JanServer.Identity.Sessions;
using JanServer.Identity.Tokens;
using JanServer.Identity.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JanServer.Identity;

/// <summary>The schema identity.</summary>
internal sealed class IdentityDbContext(DbContextOptions<IdentityDbContext> options) : IdentityDbContext<User, Role, Guid>(options)
{
    public DbSet<Group> Groups => Set<Group>();

    public DbSet<GroupMember> GroupMembers => Set<GroupMember>();

    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();

    public DbSet<RevokedToken> RevokedTokens => Set<RevokedToken>();

    public DbSet<AuthorizationCode> AuthorizationCodes => Set<AuthorizationCode>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);

        // Parts of ASP.NET Core Identity's model that this service has no use for.
        builder.Ignore<IdentityUserClaim<Guid>>();
        builder.Ignore<IdentityUserLogin<Guid>>();
        builder.Ignore<IdentityUserToken<Guid>>();
        builder.Ignore<IdentityRoleClaim<Guid>>();

        builder.Entity<User>(user =>
        {
            user.ToTable("users");
            user.Ignore(u => u.PhoneNumber);
            user.Ignore(u => u.PhoneNumberConfirmed);
            user.Ignore(u => u.TwoFactorEnabled);
            user.Ignore(u => u.Username);
            HasAttributes(user.Property(u => u.Attributes));
        });
        builder.Entity<Role>().ToTable("roles");
        builder.Entity<IdentityUserRole<Guid>>().ToTable("user_roles");
        builder.Entity<Group>(group =>
        {
            group.Ignore(g => g.Path);
            HasAttributes(group.Property(g => g.Attributes));
        });
        builder.Entity<GroupMember>().HasKey(member => new { member.GroupId, member.UserId });
        builder.Entity<SigningKey>(key =>
        {
            key.HasKey(k => k.Kid);
            key.Property(k => k.State).HasConversion(
                state => state == KeyState.Active ? "active" : state == KeyState.Passive ? "passive" : "retired",
                text => text == "active" ? KeyState.Active : text == "passive" ? KeyState.Passive : KeyState.Retired);
        });
        builder.Entity<RevokedToken>().HasKey(token => token.Jti);
        builder.Entity<AuthorizationCode>().HasKey(code => code.CodeHash);
    }

    private static void HasAttributes(PropertyBuilder<Dictionary<string, List<string>>> property) =>
        property.HasColumnType("jsonb").HasConversion(
            attributes => JsonSerializer.Serialize(attributes, IdentityJson.Default.DictionaryStringListString),
            json => JsonSerializer.Deserialize(json, IdentityJson.Default.DictionaryStringListString)!,
            new ValueComparer<Dictionary<string, List<string>>>(
                (left, right) => JsonSerializer.Serialize(left, IdentityJson.Default.DictionaryStringListString)
                    == JsonSerializer.Serialize(right, IdentityJson.Default.DictionaryStringListString),
                attributes => attributes.Count,
                attributes => attributes.ToDictionary(entry => entry.Key, entry => entry.Value.ToList())));
}
