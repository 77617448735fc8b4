using JanServer.MediaApi.Objects;
using Microsoft.EntityFrameworkCore;

namespace JanServer.MediaApi;

/// <summary>The tables of this service. <c>Migrations/</c> decides their shape.</summary>
internal sealed class MediaContext(DbContextOptions<MediaContext> options) : DbContext(options)
{
    public DbSet<MediaObject> MediaObjects => Set<MediaObject>();
}
