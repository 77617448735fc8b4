using Microsoft.EntityFrameworkCore;

namespace JanServer.ResponseApi;

/// <summary>The tables of this service. <c>Migrations/</c> decides their shape.</summary>
internal sealed class ResponseContext(DbContextOptions<ResponseContext> options) : DbContext(options);
