using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.Contracts.Ids;
using JanServer.LlmApi.Requests;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.LlmApi.StoredCompletions;

/// <summary>OpenAI's routes over completions that were asked for with <c>store</c>.</summary>
internal static class StoredCompletionEndpoints
{
    public static IServiceCollection AddStoredCompletions(this IServiceCollection services) => services.AddScoped<StoredCompletionStore>();

    public static void MapStoredCompletions(this IEndpointRouteBuilder v1)
    {
        var stored = v1.MapGroup("/chat/completions").RequireScope(Scopes.Conversations).WithTags("Chat");
        stored.MapGet("/", ListAsync).WithName("ListChatCompletions").WithSummary("Lists stored completions, the oldest first unless told.");
        stored.MapGet("/{id}", GetAsync).WithName("GetChatCompletion").WithSummary("Reads a stored completion.");
        stored.MapPost("/{id}", UpdateAsync).WithName("UpdateChatCompletion").WithSummary("Replaces the metadata of a stored completion.");
        stored.MapDelete("/{id}", RemoveAsync).WithName("DeleteChatCompletion").WithSummary("Deletes a stored completion.");
        stored.MapGet("/{id}/messages", ListMessagesAsync)
            .WithName("ListChatCompletionMessages")
            .WithSummary("Lists the messages that a stored completion answers.");
    }

    private static async Task<Results<Ok<Page<JsonObject>>, ApiError>> ListAsync(
        HttpContext http, [AsParameters] PageQuery page, string? model, Caller caller, StoredCompletionStore store, CancellationToken ct)
    {
        var wanted = new JsonObject();
        foreach (var (name, values) in http.Request.Query)
        {
            if (name.StartsWith("metadata[", StringComparison.Ordinal) && name.EndsWith(']'))
            {
                wanted[name["metadata[".Length..^1]] = values[0];
            }
        }

        var rows = await store.ListAsync(
            caller, OldestFirst(page), model, wanted.Count > 0 ? wanted.ToJsonString() : null, ct);
        return TypedResults.Ok(Page.Of(rows, page.Take, Resource, resource => (string)resource["id"]!));
    }

    private static async Task<Results<Ok<JsonObject>, ApiError>> GetAsync(
        Id<StoredCompletion> id, Caller caller, StoredCompletionStore store, CancellationToken ct) =>
        await store.FindAsync(caller, id, ct) is { } row ? TypedResults.Ok(Resource(row)) : ApiError.NotFound("stored completion");

    private static async Task<Results<Ok<JsonObject>, ApiError>> UpdateAsync(
        Id<StoredCompletion> id, UpdateStoredCompletion input, Caller caller, StoredCompletionStore store, CancellationToken ct)
    {
        if (input.Metadata is null)
        {
            return ApiError.Missing("metadata");
        }

        if (MetadataRules.Check(input.Metadata) is { } error)
        {
            return error;
        }

        var metadata = new JsonObject([.. input.Metadata.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))]).ToJsonString();
        await store.UpdateMetadataAsync(caller, id, metadata, ct);
        return await GetAsync(id, caller, store, ct);
    }

    private static async Task<Results<Ok<DeletedCompletion>, ApiError>> RemoveAsync(
        Id<StoredCompletion> id, Caller caller, StoredCompletionStore store, CancellationToken ct) =>
        await store.RemoveAsync(caller, id, ct) > 0
            ? TypedResults.Ok(new DeletedCompletion(id.ToString()))
            : ApiError.NotFound("stored completion");

    private static async Task<Results<Ok<Page<JsonObject>>, ApiError>> ListMessagesAsync(
        Id<StoredCompletion> id, [AsParameters] PageQuery page, Caller caller, StoredCompletionStore store, CancellationToken ct)
    {
        if (await store.FindAsync(caller, id, ct) is not { } row)
        {
            return ApiError.NotFound("stored completion");
        }

        var messages = OldestFirst(page).Ascending ? Messages(row) : Messages(row).Reverse();
        if (page.After is { } after)
        {
            messages = messages.SkipWhile(message => (string?)message["id"] != after).Skip(1);
        }

        return TypedResults.Ok(Page.Of([.. messages.Take(page.Take + 1)], page.Take, message => message, message => (string)message["id"]!));
    }

    private static PageQuery OldestFirst(PageQuery page) => page with { Order = page.Order ?? "asc" };

    private static JsonObject Resource(StoredCompletion row)
    {
        var resource = JsonNode.Parse(row.Completion)!.AsObject();
        resource["metadata"] = JsonNode.Parse(row.Metadata);
        return resource;
    }

    private static IEnumerable<JsonObject> Messages(StoredCompletion row)
    {
        foreach (var (index, message) in JsonNode.Parse(row.Messages)!.AsArray().Index())
        {
            var resource = message!.DeepClone().AsObject();
            resource["id"] = $"{row.Id}-{index}";
            if (resource["content"] is JsonArray parts)
            {
                resource["content_parts"] = parts.DeepClone();
                resource["content"] = string.Concat(parts.Select(part => part is JsonObject one && one["text"] is JsonValue text
                    && text.GetValueKind() == JsonValueKind.String ? (string?)text : null));
            }

            yield return resource;
        }
    }
}
