using JanServer.Accounts.ApiKeys;
using JanServer.Accounts.Auditing;
using JanServer.Accounts.FeatureFlags;
using JanServer.Accounts.Users;
using Microsoft.EntityFrameworkCore;

namespace JanServer.Accounts;

/// <summary>The tables of accounts. <c>Migrations/</c> decides their shape.</summary>
internal sealed class AccountsContext(DbContextOptions<AccountsContext> options) : DbContext(options)
{
    public DbSet<User> Users => Set<User>();

    public DbSet<Organization> Organizations => Set<Organization>();

    public DbSet<Project> Projects => Set<Project>();

    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    public DbSet<FeatureFlag> FeatureFlags => Set<FeatureFlag>();

    public DbSet<AuditEntry> AuditLog => Set<AuditEntry>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => AuditEntry.Map(modelBuilder);
}
