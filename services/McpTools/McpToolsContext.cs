using JanServer.McpTools.External.Servers;
using Microsoft.EntityFrameworkCore;

namespace JanServer.McpTools;

/// <summary>The tables of this service. <c>Migrations/</c> decides their shape.</summary>
internal sealed class McpToolsContext(DbContextOptions<McpToolsContext> options) : DbContext(options)
{
    public DbSet<ExternalServer> ExternalServers => Set<ExternalServer>();
}
