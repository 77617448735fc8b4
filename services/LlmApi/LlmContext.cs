using JanServer.LlmApi.Providers;
using Microsoft.EntityFrameworkCore;

namespace JanServer.LlmApi;

/// <summary>The tables of this service. <c>Migrations/</c> decides their shape.</summary>
internal sealed class LlmContext(DbContextOptions<LlmContext> options) : DbContext(options)
{
    public DbSet<StoredProvider> Providers => Set<StoredProvider>();
}
