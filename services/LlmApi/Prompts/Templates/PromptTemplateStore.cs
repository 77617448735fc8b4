using System.Text.RegularExpressions;
using JanServer.Contracts.Ids;
using JanServer.Data.Paging;
using JanServer.ServiceDefaults.Paging;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace JanServer.LlmApi.Prompts.Templates;

/// <summary>The queries over prompt templates and their assignments. They belong to the deployment, not to a tenant.</summary>
internal sealed partial class PromptTemplateStore(LlmContext db)
{
    /// <summary>The most templates, and the most assignments, that there may be: all that are active are kept in memory.</summary>
    public const int MaxRows = 1000;

    private const string ActiveKey = "prompt_templates_active_key";

    public Task<List<StoredPromptTemplate>> ListActiveAsync(CancellationToken ct) =>
        db.PromptTemplates.Where(template => template.IsActive).OrderBy(template => template.Id).Take(MaxRows).ToListAsync(ct);

    public Task<List<ModelPromptTemplate>> ListActiveAssignmentsAsync(CancellationToken ct) =>
        db.ModelPromptTemplates.Where(assignment => assignment.IsActive).OrderBy(assignment => assignment.Id).Take(MaxRows).ToListAsync(ct);

    /// <summary>The rows of a page and one more, and how many match in all: the table is bounded.</summary>
    public async Task<(List<StoredPromptTemplate> Rows, int Total)> ListAsync(TemplateFilter filter, PageQuery page, CancellationToken ct)
    {
        var rows = db.PromptTemplates.AsQueryable();
        rows = filter.Category is { } category ? rows.Where(template => template.Category == category) : rows;
        rows = filter.IsActive is { } isActive ? rows.Where(template => template.IsActive == isActive) : rows;
        rows = filter.IsSystem is { } isSystem ? rows.Where(template => template.IsSystem == isSystem) : rows;
        if (filter.Search is { Length: > 0 } search)
        {
            var pattern = $"%{Wildcards().Replace(search, @"\$0")}%";
            rows = rows.Where(template => EF.Functions.ILike(template.Name, pattern, @"\") || EF.Functions.ILike(template.Description ?? "", pattern, @"\"));
        }

        return (await rows.PageBy(page, template => template.Id).ToListAsync(ct), await rows.CountAsync(ct));
    }

    public Task<StoredPromptTemplate?> FindAsync(Id<StoredPromptTemplate> id, CancellationToken ct) =>
        db.PromptTemplates.SingleOrDefaultAsync(template => template.Id == id, ct);

    public Task<int> CountAsync(CancellationToken ct) => db.PromptTemplates.CountAsync(ct);

    /// <summary>Adds a template; false when another active one has its key.</summary>
    public async Task<bool> AddAsync(StoredPromptTemplate template, CancellationToken ct)
    {
        try
        {
            db.Add(template);
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException e) when (IsKeyTaken(e.InnerException))
        {
            return false;
        }
    }

    /// <summary>
    /// Writes a template over the version it was made from. False when another active one has its key; null when it has changed meanwhile.
    /// </summary>
    public async Task<bool?> UpdateAsync(StoredPromptTemplate changed, CancellationToken ct)
    {
        try
        {
            var updated = await db.PromptTemplates
                .Where(template => template.Id == changed.Id && template.Version == changed.Version - 1)
                .ExecuteUpdateAsync(
                    set => set
                        .SetProperty(template => template.Name, changed.Name)
                        .SetProperty(template => template.Description, changed.Description)
                        .SetProperty(template => template.Category, changed.Category)
                        .SetProperty(template => template.Content, changed.Content)
                        .SetProperty(template => template.Variables, changed.Variables)
                        .SetProperty(template => template.Metadata, changed.Metadata)
                        .SetProperty(template => template.IsActive, changed.IsActive)
                        .SetProperty(template => template.Version, changed.Version)
                        .SetProperty(template => template.UpdatedBy, changed.UpdatedBy)
                        .SetProperty(template => template.UpdatedAt, changed.UpdatedAt),
                    ct);
            return updated > 0 ? true : null;
        }
        catch (Exception e) when (IsKeyTaken(e) || IsKeyTaken(e.InnerException))
        {
            return false;
        }
    }

    /// <summary>Deletes a template that did not come with the server.</summary>
    public Task<int> RemoveAsync(Id<StoredPromptTemplate> id, CancellationToken ct) =>
        db.PromptTemplates.Where(template => template.Id == id && !template.IsSystem).ExecuteDeleteAsync(ct);

    private static bool IsKeyTaken(Exception? exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: ActiveKey };

    [GeneratedRegex(@"[\\%_]")]
    private static partial Regex Wildcards();
}
