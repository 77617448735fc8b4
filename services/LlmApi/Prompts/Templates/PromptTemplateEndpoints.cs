using JanServer.Contracts.Ids;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.LlmApi.Prompts.Templates;

/// <summary>Reading prompt templates, and their administration.</summary>
internal static class PromptTemplateEndpoints
{
    public static void MapPromptTemplates(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/prompt-templates/{key}", Get)
            .RequireAuthorization()
            .WithName("GetPromptTemplate").WithTags("Prompt templates")
            .WithSummary("Describes the active template of a key; its content is only for administrators and services.");

        var templates = v1.MapGroup("/admin/prompt-templates").RequireAdmin().WithTags("Prompt templates");
        templates.MapGet("/", ListAsync).WithName("ListPromptTemplates").WithSummary("Lists prompt templates.");
        templates.MapPost("/", CreateAsync).WithName("CreatePromptTemplate").WithSummary("Adds a prompt template.");
        templates.MapGet("/{id}", FindAsync).WithName("GetPromptTemplateById").WithSummary("Describes a prompt template.");
        templates.MapPatch("/{id}", UpdateAsync).WithName("UpdatePromptTemplate").WithSummary("Changes a prompt template; what is absent stays.");
        templates.MapDelete("/{id}", RemoveAsync).WithName("DeletePromptTemplate").WithSummary("Removes a prompt template that did not come with the server.");
        templates.MapPost("/{id}/duplicate", DuplicateAsync).WithName("DuplicatePromptTemplate").WithSummary("Copies a prompt template under a new key.");
    }

    /// <summary>For services: a service that acts for a user gets the content too, which the user does not.</summary>
    public static void MapTemplateContents(this IEndpointRouteBuilder app) =>
        app.MapGet("/internal/prompt-templates/{key}", GetContent)
            .ExcludeFromDescription().RequireService()
            .WithName("GetPromptTemplateContent").WithSummary("The active template of a key.");

    private static Results<Ok<PromptTemplateEnvelope>, ApiError> GetContent(string key, PromptTemplates templates) =>
        templates.Current.Find(key) is { } active
            ? TypedResults.Ok(new PromptTemplateEnvelope(PromptTemplateAdministration.Resource(active.Row)))
            : ApiError.NotFound("prompt template");

    private static Results<Ok<PromptTemplateEnvelope>, ApiError> Get(string key, Caller caller, PromptTemplates templates) =>
        templates.Current.Find(key) is { } active
            ? TypedResults.Ok(new PromptTemplateEnvelope(
                PromptTemplateAdministration.Resource(active.Row, caller.IsAdmin || caller.Method == AuthMethod.Service)))
            : ApiError.NotFound("prompt template");

    private static async Task<Ok<PromptTemplateList>> ListAsync(
        [AsParameters] PageQuery page, [AsParameters] TemplateFilter filter, PromptTemplateAdministration administration, CancellationToken ct) =>
        TypedResults.Ok(await administration.ListAsync(filter, page, ct));

    private static async Task<Results<Created<PromptTemplateEnvelope>, ApiError>> CreateAsync(
        CreatePromptTemplate input, Caller caller, PromptTemplateAdministration administration, CancellationToken ct) =>
        Created(await administration.CreateAsync(input, caller, ct));

    private static async Task<Results<Ok<PromptTemplateEnvelope>, ApiError>> FindAsync(
        Id<StoredPromptTemplate> id, PromptTemplateAdministration administration, CancellationToken ct) =>
        await administration.FindAsync(id, ct) is { } template
            ? TypedResults.Ok(new PromptTemplateEnvelope(template))
            : ApiError.NotFound("prompt template");

    private static async Task<Results<Ok<PromptTemplateEnvelope>, ApiError>> UpdateAsync(
        Id<StoredPromptTemplate> id, UpdatePromptTemplate input, Caller caller, PromptTemplateAdministration administration, CancellationToken ct)
    {
        var (template, error) = await administration.UpdateAsync(id, input, caller, ct);
        return template is null ? error! : TypedResults.Ok(new PromptTemplateEnvelope(template));
    }

    private static async Task<Results<NoContent, ApiError>> RemoveAsync(
        Id<StoredPromptTemplate> id, PromptTemplateAdministration administration, CancellationToken ct) =>
        await administration.RemoveAsync(id, ct) is { } error ? error : TypedResults.NoContent();

    private static async Task<Results<Created<PromptTemplateEnvelope>, ApiError>> DuplicateAsync(
        Id<StoredPromptTemplate> id, DuplicatePromptTemplate? input, Caller caller, PromptTemplateAdministration administration, CancellationToken ct) =>
        Created(await administration.DuplicateAsync(id, input?.NewName, caller, ct));

    private static Results<Created<PromptTemplateEnvelope>, ApiError> Created((PromptTemplateResource? Template, ApiError? Error) made) =>
        made.Template is { } template
            ? TypedResults.Created($"/v1/admin/prompt-templates/{template.Id}", new PromptTemplateEnvelope(template))
            : made.Error!;
}
