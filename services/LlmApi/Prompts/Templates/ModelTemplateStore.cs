using JanServer.Contracts.Ids;
using JanServer.Data.Statements;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace JanServer.LlmApi.Prompts.Templates;

/// <summary>The queries over which model gets which template.</summary>
internal sealed class ModelTemplateStore(LlmContext db)
{
    public Task<List<ModelPromptTemplate>> ListAsync(string model, CancellationToken ct) => db.ModelPromptTemplates
        .Where(assignment => assignment.Model == model)
        .OrderBy(assignment => assignment.Priority).ThenBy(assignment => assignment.TemplateKey)
        .Take(PromptTemplateStore.MaxRows)
        .ToListAsync(ct);

    public Task<ModelPromptTemplate?> FindAsync(string model, string key, CancellationToken ct) =>
        db.ModelPromptTemplates.SingleOrDefaultAsync(assignment => assignment.Model == model && assignment.TemplateKey == key, ct);

    /// <summary>Writes an assignment, over the one there is for the same model and key. False when the template is gone.</summary>
    public async Task<bool> PutAsync(ModelPromptTemplate row, CancellationToken ct)
    {
        try
        {
            await (await db.OpenAsync(ct)).ExecuteAsync(
                $"""
                INSERT INTO model_prompt_templates
                    (id, model, template_key, prompt_template_id, priority, is_active, created_by, updated_by, created_at, updated_at)
                VALUES ({row.Id.Value}, {row.Model}, {row.TemplateKey}, {row.PromptTemplateId.Value}, {row.Priority}, {row.IsActive},
                    {row.CreatedBy}, {row.UpdatedBy}, {row.CreatedAt}, {row.UpdatedAt})
                ON CONFLICT (model, template_key) DO UPDATE SET
                    prompt_template_id = excluded.prompt_template_id, priority = excluded.priority, is_active = excluded.is_active,
                    updated_by = excluded.updated_by, updated_at = excluded.updated_at
                """,
                ct);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return false;
        }
    }

    public Task<int> RemoveAsync(string model, string key, CancellationToken ct) =>
        db.ModelPromptTemplates.Where(assignment => assignment.Model == model && assignment.TemplateKey == key).ExecuteDeleteAsync(ct);

    /// <summary>The keys of modules under which a template is assigned to a model.</summary>
    public Task<List<string>> KeysOfAsync(Id<StoredPromptTemplate> template, CancellationToken ct) => db.ModelPromptTemplates
        .Where(assignment => assignment.PromptTemplateId == template)
        .Select(assignment => assignment.TemplateKey).Distinct().Take(PromptTemplateStore.MaxRows)
        .ToListAsync(ct);
}
