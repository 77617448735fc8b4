using System.Buffers;
using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Requests;
using JanServer.ResponseApi.Responses;
using JanServer.ResponseApi.Runs;
using JanServer.ServiceDefaults.Auth;
using Microsoft.AspNetCore.Mvc;

namespace JanServer.ResponseApi.Compaction;

/// <summary>OpenAI's routes around a response: how long it would be, and how to make it shorter.</summary>
internal static class CompactionEndpoints
{
    public static void MapCompaction(this IEndpointRouteBuilder v1)
    {
        var responses = v1.MapGroup("/responses").WithTags("Responses").RequireScope(Scopes.Inference);
        responses.MapPost("/input_tokens", CountAsync).WithName("countInputTokens")
            .WithSummary("How many tokens the input of a response would be, about: counted with o200k.")
            .WithDescription("The body is that of a response; no model is asked, and none need be named.")
            .WithResponseRequest();
        responses.MapPost("/compact", CompactAsync).WithName("compactResponse")
            .WithSummary("Makes a conversation shorter: the output is the input of the response after it.")
            .WithDescription("The last words of the user stay as they are; a model sums the rest up in a compaction item, encrypted for the caller.")
            .WithResponseRequest("model");
    }

    private static async Task<IResult> CountAsync([FromBody] JsonElement body, Caller caller, ResponseCreation creation, CancellationToken ct)
    {
        // OpenAI lets a count be asked without a model, and without an input.
        var (response, error) = await creation.MakeAsync(caller, WithDefaults(body), ct);
        return response is null ? error! : TypedResults.Ok(new InputTokens(InputTokenCount.Of(response)));
    }

    private static async Task<IResult> CompactAsync(
        [FromBody] JsonElement body, Caller caller, ResponseCreation creation, Compactor compactor, CompactionItems compactions, CancellationToken ct)
    {
        var (response, error) = await creation.MakeAsync(caller, body, ct);
        if (response is null)
        {
            return error!;
        }

        IReadOnlyList<ContextItem> items = [.. response.Context, .. response.Input];
        var (summary, usage, failure) = await compactor.SummarizeAsync(caller, response.Request, items, ct);
        return summary is null
            ? failure!
            : TypedResults.Bytes(Write(response.Id, response.CreatedAt, [.. Compactor.Kept(items), compactions.Seal(caller, summary)], usage), "application/json");
    }

    private static JsonElement WithDefaults(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || (body.Text("model") is not null && body.Member("input") is not null))
        {
            return body;
        }

        return ItemJson.Build(json =>
        {
            foreach (var member in body.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
            {
                member.WriteTo(json);
            }

            if (body.Member("model") is null)
            {
                json.WriteString("model"u8, "any"u8);
            }

            if (body.Member("input") is null)
            {
                json.WriteStartArray("input"u8);
                json.WriteEndArray();
            }
        });
    }

    private static byte[] Write(Id<Response> id, DateTimeOffset at, List<JsonElement> output, RunUsage usage)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, ItemJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, id.ToString());
            json.WriteString("object"u8, "response.compaction"u8);
            json.WriteNumber("created_at"u8, at.ToUnixTimeSeconds());
            json.WriteStartArray("output"u8);
            output.ForEach(item => item.WriteTo(json));
            json.WriteEndArray();
            json.WriteStartObject("usage"u8);
            json.WriteNumber("input_tokens"u8, usage.InputTokens);
            json.WriteStartObject("input_tokens_details"u8);
            json.WriteNumber("cached_tokens"u8, usage.CachedTokens);
            json.WriteEndObject();
            json.WriteNumber("output_tokens"u8, usage.OutputTokens);
            json.WriteStartObject("output_tokens_details"u8);
            json.WriteNumber("reasoning_tokens"u8, usage.ReasoningTokens);
            json.WriteEndObject();
            json.WriteNumber("total_tokens"u8, usage.TotalTokens);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
