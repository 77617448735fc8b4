using JanServer.Contracts.Ids;
using JanServer.LlmApi.Providers;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Prompts.Templates;

/// <summary>Says which model gets which template.</summary>
internal sealed class ModelTemplateAdministration(
    ModelTemplateStore store, PromptTemplateStore templateStore, PromptTemplates templates, ProviderRegistry registry, TimeProvider clock)
{
    private const int MaxModelLength = 256;

    public async Task<AssignmentList> ListAsync(string model, CancellationToken ct)
    {
        var rows = (await store.ListAsync(model, ct)).ConvertAll(Resource);
        return new(rows, rows.Count);
    }

    public async Task<(AssignmentResource? Assignment, ApiError? Error)> AssignAsync(
        string model, AssignPromptTemplate input, Caller caller, CancellationToken ct)
    {
        if (model.Length > MaxModelLength || registry.Catalog.Find(model, caller) is null)
        {
            return (null, ApiError.NotFound("model"));
        }

        var now = clock.GetUtcNow();
        var row = new ModelPromptTemplate
        {
            Id = Id<ModelPromptTemplate>.New(clock),
            Model = model,
            TemplateKey = input.TemplateKey!,
            PromptTemplateId = Id<StoredPromptTemplate>.Parse(input.PromptTemplateId),
            Priority = input.Priority ?? 0,
            IsActive = input.IsActive ?? true,
            CreatedBy = By(caller),
            UpdatedBy = By(caller),
            CreatedAt = now,
            UpdatedAt = now,
        };
        return await PutAsync(row, ct);
    }

    public async Task<(AssignmentResource? Assignment, ApiError? Error)> UpdateAsync(
        string model, string key, UpdateAssignment input, Caller caller, CancellationToken ct) =>
        await store.FindAsync(model, key, ct) is { } row
            ? await PutAsync(
                row with
                {
                    PromptTemplateId = input.PromptTemplateId is { } id ? Id<StoredPromptTemplate>.Parse(id) : row.PromptTemplateId,
                    Priority = input.Priority ?? row.Priority,
                    IsActive = input.IsActive ?? row.IsActive,
                    UpdatedBy = By(caller),
                    UpdatedAt = clock.GetUtcNow(),
                },
                ct)
            : (null, ApiError.NotFound("assignment"));

    public async Task<bool> RemoveAsync(string model, string key, CancellationToken ct)
    {
        var removed = await store.RemoveAsync(model, key, ct);
        await templates.ReloadAsync(ct);
        return removed > 0;
    }

    /// <summary>What the modules would use for the model now.</summary>
    public async Task<EffectiveTemplates> EffectiveAsync(string model, CancellationToken ct)
    {
        await templates.ReloadAsync(ct);
        var set = templates.Current;
        var keys = Modules.PromptModules.All.Select(module => module.TemplateKey).OfType<string>()
            .Concat((await store.ListAsync(model, ct)).Select(row => row.TemplateKey))
            .Distinct(StringComparer.Ordinal);
        var effective = new SortedDictionary<string, EffectiveTemplate>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            if (set.Find(model, key) is { } active)
            {
                effective[key] = new(
                    PromptTemplateAdministration.Resource(active.Row), set.IsOwn(model, key) ? "model_specific" : "global_default");
            }
        }

        return new(effective);
    }

    private async Task<(AssignmentResource? Assignment, ApiError? Error)> PutAsync(ModelPromptTemplate row, CancellationToken ct)
    {
        if (await templateStore.FindAsync(row.PromptTemplateId, ct) is not { } template)
        {
            return (null, NoTemplate());
        }

        if (TemplateChecks.Check(template.Content, null, [row.TemplateKey]) is { } error)
        {
            return (null, ApiError.Invalid("prompt_template_id", error.Message));
        }

        if (!await store.PutAsync(row, ct))
        {
            return (null, NoTemplate());
        }

        await templates.ReloadAsync(ct);

        // Where an assignment was there before, it keeps its id.
        return await store.FindAsync(row.Model, row.TemplateKey, ct) is { } stored
            ? (Resource(stored), null)
            : (null, ApiError.Conflict("The assignment was removed meanwhile."));
    }

    private static ApiError NoTemplate() => ApiError.Invalid("prompt_template_id", "There is no prompt template with that id.");

    private static Guid? By(Caller caller) => caller.UserId.IsNone ? null : caller.UserId.Value;

    private static AssignmentResource Resource(ModelPromptTemplate row) => new(
        row.Id.ToString(),
        row.Model,
        row.TemplateKey,
        row.PromptTemplateId.ToString(),
        row.Priority,
        row.IsActive,
        row.CreatedAt,
        row.UpdatedAt);
}
