using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Paging;

namespace JanServer.LlmApi.Prompts.Templates;

/// <summary>Makes, changes, copies and removes prompt templates.</summary>
internal sealed class PromptTemplateAdministration(
    PromptTemplateStore store, ModelTemplateStore assignments, PromptTemplates templates, TimeProvider clock)
{
    private const int MaxKeyLength = 100;

    public async Task<PromptTemplateList> ListAsync(TemplateFilter filter, PageQuery query, CancellationToken ct)
    {
        var (rows, total) = await store.ListAsync(filter, query, ct);
        var page = Page.Of(rows, query.Take, row => Resource(row), template => template.Id);
        return new(page.Data, total, page.HasMore, page.FirstId, page.LastId);
    }

    public async Task<PromptTemplateResource?> FindAsync(Id<StoredPromptTemplate> id, CancellationToken ct) =>
        await store.FindAsync(id, ct) is { } row ? Resource(row) : null;

    public Task<(PromptTemplateResource? Template, ApiError? Error)> CreateAsync(CreatePromptTemplate input, Caller caller, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return AddAsync(
            new()
            {
                Id = Id<StoredPromptTemplate>.New(clock),
                Name = input.Name!.Trim(),
                Description = Blank(input.Description),
                Category = input.Category!.Trim(),
                TemplateKey = input.TemplateKey!,
                Content = input.Content!,
                Variables = input.Variables?.ToArray(),
                Metadata = Json(input.Metadata),
                IsActive = input.IsActive ?? true,
                IsSystem = false,
                Version = 1,
                CreatedBy = By(caller),
                UpdatedBy = By(caller),
                CreatedAt = now,
                UpdatedAt = now,
            },
            ct);
    }

    /// <summary>Copies a template. The copy gets a key of its own, so that it can be in use beside the original, for models it is assigned to.</summary>
    public async Task<(PromptTemplateResource? Template, ApiError? Error)> DuplicateAsync(
        Id<StoredPromptTemplate> id, string? newName, Caller caller, CancellationToken ct)
    {
        if (await store.FindAsync(id, ct) is not { } row)
        {
            return (null, ApiError.NotFound("prompt template"));
        }

        const string mark = " (copy)";
        const int maxName = 255;
        var copy = Id<StoredPromptTemplate>.New(clock);
        var suffix = $"_copy_{copy.ToString()[^8..]}";
        var now = clock.GetUtcNow();
        return await AddAsync(
            row with
            {
                Id = copy,
                Name = newName?.Trim() ?? row.Name[..Math.Min(row.Name.Length, maxName - mark.Length)] + mark,
                TemplateKey = row.TemplateKey[..Math.Min(row.TemplateKey.Length, MaxKeyLength - suffix.Length)] + suffix,
                IsActive = true,
                IsSystem = false,
                Version = 1,
                CreatedBy = By(caller),
                UpdatedBy = By(caller),
                CreatedAt = now,
                UpdatedAt = now,
            },
            ct);
    }

    public async Task<(PromptTemplateResource? Template, ApiError? Error)> UpdateAsync(
        Id<StoredPromptTemplate> id, UpdatePromptTemplate input, Caller caller, CancellationToken ct)
    {
        if (await store.FindAsync(id, ct) is not { } row)
        {
            return (null, ApiError.NotFound("prompt template"));
        }

        var changed = row with
        {
            Name = input.Name?.Trim() ?? row.Name,
            Description = input.Description is null ? row.Description : Blank(input.Description),
            Category = input.Category?.Trim() ?? row.Category,
            Content = input.Content ?? row.Content,
            Variables = input.Variables?.ToArray() ?? row.Variables,
            Metadata = input.Metadata is null ? row.Metadata : Json(input.Metadata),
            IsActive = input.IsActive ?? row.IsActive,
            Version = row.Version + 1,
            UpdatedBy = By(caller),
            UpdatedAt = clock.GetUtcNow(),
        };
        string[] keys = [changed.TemplateKey, .. await assignments.KeysOfAsync(id, ct)];
        if ((CheckTexts(changed) ?? TemplateChecks.Check(changed.Content, changed.Variables, keys)) is { } error)
        {
            return (null, error);
        }

        switch (await store.UpdateAsync(changed, ct))
        {
            case null:
                return (null, ApiError.Conflict("The prompt template was changed or removed meanwhile; read it again."));
            case false:
                return (null, KeyTaken(row.TemplateKey));
        }

        await templates.ReloadAsync(ct);
        return (Resource(changed), null);
    }

    public async Task<ApiError?> RemoveAsync(Id<StoredPromptTemplate> id, CancellationToken ct)
    {
        if (await store.RemoveAsync(id, ct) > 0)
        {
            await templates.ReloadAsync(ct);
            return null;
        }

        return await store.FindAsync(id, ct) is null
            ? ApiError.NotFound("prompt template")
            : ApiError.Forbidden("A template that came with the server cannot be deleted; it can be switched off.");
    }

    public static PromptTemplateResource Resource(StoredPromptTemplate row, bool showsContent = true) => new(
        row.Id.ToString(),
        row.Id.ToString(),
        row.Name,
        row.Description,
        row.Category,
        row.TemplateKey,
        showsContent ? row.Content : null,
        showsContent ? row.Variables : null,
        showsContent ? JsonSerializer.Deserialize(row.Metadata, PromptsJson.Default.IReadOnlyDictionaryStringJsonElement) : null,
        row.IsActive,
        row.IsSystem,
        row.Version,
        showsContent ? row.CreatedBy?.ToString() : null,
        showsContent ? row.UpdatedBy?.ToString() : null,
        row.CreatedAt,
        row.UpdatedAt);

    private async Task<(PromptTemplateResource? Template, ApiError? Error)> AddAsync(StoredPromptTemplate row, CancellationToken ct)
    {
        if ((CheckTexts(row) ?? TemplateChecks.Check(row.Content, row.Variables, [row.TemplateKey])) is { } error)
        {
            return (null, error);
        }

        if (await store.CountAsync(ct) >= PromptTemplateStore.MaxRows)
        {
            return (null, ApiError.Conflict($"There are {PromptTemplateStore.MaxRows} prompt templates already, which is the most."));
        }

        if (!await store.AddAsync(row, ct))
        {
            return (null, KeyTaken(row.TemplateKey));
        }

        await templates.ReloadAsync(ct);
        return (Resource(row), null);
    }

    private static ApiError? CheckTexts(StoredPromptTemplate row) =>
        row.Name.Length == 0 ? ApiError.Invalid("name", "A template's name must not be blank.")
        : row.Category.Length == 0 ? ApiError.Invalid("category", "A template's category must not be blank.")
        : HasNul(row.Name) ? NulIn("name")
        : HasNul(row.Category) ? NulIn("category")
        : HasNul(row.Description) ? NulIn("description")
        : row.Metadata.Contains(@"\u0000", StringComparison.Ordinal) ? NulIn("metadata")
        : row.Variables is { } variables && variables.Any(name => name is null || HasNul(name)) ? ApiError.Invalid("variables", "Every variable must be a name.")
        : null;

    // PostgreSQL stores no U+0000.
    private static bool HasNul(string? text) => text is not null && text.Contains('\0');

    private static ApiError NulIn(string param) => ApiError.Invalid(param, "The text must not contain the character U+0000.");

    private static ApiError KeyTaken(string key) =>
        ApiError.Conflict($"Another active template has the key '{key}'. Switch that one off first.", "template_key");

    private static Guid? By(Caller caller) => caller.UserId.IsNone ? null : caller.UserId.Value;

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static string Json(IReadOnlyDictionary<string, JsonElement>? metadata) =>
        metadata is null ? "{}" : JsonSerializer.Serialize(metadata, PromptsJson.Default.IReadOnlyDictionaryStringJsonElement);
}
