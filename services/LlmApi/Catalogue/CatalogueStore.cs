using System.Data;
using JanServer.Contracts.Ids;
using JanServer.LlmApi.Providers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace JanServer.LlmApi.Catalogue;

/// <summary>Everything that is stored about providers and models, at one version.</summary>
internal sealed record StoredCatalogue(
    long Version,
    IReadOnlyList<StoredProvider> Providers,
    ILookup<Id<StoredProvider>, StoredEndpoint> Endpoints,
    IReadOnlyList<ProviderModel> Models,
    IReadOnlyList<CatalogModel> Catalogs,
    IReadOnlyList<EndpointHealth> Health);

/// <summary>Reads the catalogue whole, and orders the changes of it. It belongs to the deployment, not to a tenant.</summary>
internal sealed class CatalogueStore(LlmContext db)
{
    /// <summary>The version that is stored now: one cheap read says whether anything has changed.</summary>
    public Task<long> VersionAsync(CancellationToken ct) =>
        db.Database.SqlQuery<long>($"SELECT version AS \"Value\" FROM catalogue_version").SingleAsync(ct);

    /// <summary>Reads everything as of one moment.</summary>
    public async Task<StoredCatalogue> ReadAsync(CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        var version = await VersionAsync(ct);
        var providers = await db.Providers.OrderBy(row => row.Id).ToListAsync(ct);
        var endpoints = await db.Endpoints.OrderBy(row => row.Position).ToListAsync(ct);
        var models = await db.ProviderModels.OrderBy(row => row.Position).ThenBy(row => row.Id).ToListAsync(ct);
        var catalogs = await db.Catalogs.ToListAsync(ct);
        var health = await db.EndpointHealth.ToListAsync(ct);
        await transaction.CommitAsync(ct);
        return new(version, providers, endpoints.ToLookup(row => row.ProviderId), models, catalogs, health);
    }

    /// <summary>
    /// Begins a change: waits for the one before it, and raises the version that tells the replicas. Everything that is read within sees
    /// what others have committed, so nothing that is checked can change before it is written.
    /// </summary>
    public async Task<IDbContextTransaction> BeginChangeAsync(CancellationToken ct)
    {
        var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, ct);
        await db.Database.ExecuteSqlAsync($"UPDATE catalogue_version SET version = version + 1", ct);
        return transaction;
    }
}
