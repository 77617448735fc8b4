using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.LlmApi.Prompts.Templates;

/// <summary>Administration of the templates that models have of their own. A model's id may hold slashes, so it ends the path.</summary>
internal static class ModelTemplateEndpoints
{
    public static void MapModelTemplates(this IEndpointRouteBuilder v1)
    {
        var models = v1.MapGroup("/admin/models/prompt-templates").RequireAdmin().WithTags("Prompt templates");
        models.MapGet("/list/{**model}", ListAsync).WithName("ListModelPromptTemplates").WithSummary("Lists a model's own templates.");
        models.MapPost("/assign/{**model}", AssignAsync).WithName("AssignModelPromptTemplate")
            .WithSummary("Gives a model its own template for a key, in the place of the one it has.");
        models.MapGet("/effective/{**model}", EffectiveAsync).WithName("GetEffectivePromptTemplates")
            .WithSummary("Lists the templates that a model gets, its own and the general ones.");
        models.MapPatch("/update/{key}/{**model}", UpdateAsync).WithName("UpdateModelPromptTemplate")
            .WithSummary("Changes a model's own template for a key; what is absent stays.");
        models.MapDelete("/unassign/{key}/{**model}", RemoveAsync).WithName("UnassignModelPromptTemplate")
            .WithSummary("Takes a model's own template for a key away.");
    }

    private static async Task<Ok<AssignmentList>> ListAsync(string model, ModelTemplateAdministration administration, CancellationToken ct) =>
        TypedResults.Ok(await administration.ListAsync(Decoded(model), ct));

    private static async Task<Results<Ok<AssignmentResource>, ApiError>> AssignAsync(
        string model, AssignPromptTemplate input, Caller caller, ModelTemplateAdministration administration, CancellationToken ct)
    {
        var (assignment, error) = await administration.AssignAsync(Decoded(model), input, caller, ct);
        return assignment is null ? error! : TypedResults.Ok(assignment);
    }

    private static async Task<Ok<EffectiveTemplates>> EffectiveAsync(
        string model, ModelTemplateAdministration administration, CancellationToken ct) =>
        TypedResults.Ok(await administration.EffectiveAsync(Decoded(model), ct));

    private static async Task<Results<Ok<AssignmentResource>, ApiError>> UpdateAsync(
        string key, string model, UpdateAssignment input, Caller caller, ModelTemplateAdministration administration, CancellationToken ct)
    {
        var (assignment, error) = await administration.UpdateAsync(Decoded(model), key, input, caller, ct);
        return assignment is null ? error! : TypedResults.Ok(assignment);
    }

    private static async Task<Results<NoContent, ApiError>> RemoveAsync(
        string key, string model, ModelTemplateAdministration administration, CancellationToken ct) =>
        await administration.RemoveAsync(Decoded(model), key, ct) ? TypedResults.NoContent() : ApiError.NotFound("assignment");

    // A client may escape the slash of an id, which routing leaves as it is.
    private static string Decoded(string model) => model.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
