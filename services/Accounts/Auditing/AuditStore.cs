using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.Data.Paging;
using JanServer.ServiceDefaults.Paging;
using Microsoft.EntityFrameworkCore;

namespace JanServer.Accounts.Auditing;

/// <summary>The queries over the audit log. It is only ever added to.</summary>
internal sealed class AuditStore(AccountsContext db)
{
    public async Task AddAsync(AuditEntry entry, CancellationToken ct)
    {
        db.Add(entry);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    public Task<List<AuditEntry>> ListAsync(PageQuery page, AuditFilter filter, CancellationToken ct)
    {
        IQueryable<AuditEntry> entries = db.AuditLog;
        if (filter.Actor is { } actor)
        {
            entries = entries.Where(entry => entry.UserId == actor);
        }

        if (filter.Action is { } action)
        {
            entries = entries.Where(entry => entry.Action == action);
        }

        if (filter.ResourceType is { } type)
        {
            entries = entries.Where(entry => entry.ResourceType == type);
        }

        if (filter.ResourceId is { } id)
        {
            entries = entries.Where(entry => entry.ResourceId == id);
        }

        if (filter.Since is { } since)
        {
            entries = entries.Where(entry => entry.CreatedAt >= since);
        }

        return entries.PageBy(page, entry => entry.Id).ToListAsync(ct);
    }
}

/// <summary>Which entries are asked for.</summary>
internal sealed record AuditFilter(Id<UserRef>? Actor, string? Action, string? ResourceType, string? ResourceId, DateTimeOffset? Since);
