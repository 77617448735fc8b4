using System.Buffers;
using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Runs;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.ResponseApi.Responses;

/// <summary>Shows stored responses; one that has not ended with its place in the queue and how far it is.</summary>
internal sealed class ResponseViews(ResponseQueries queries, ResponseStore store)
{
    public Task<Response?> FindAsync(Caller owner, Id<Response> id, CancellationToken ct) => queries.FindAsync(owner, id, ct);

    public async Task<IResult> ShowAsync(Response response, CancellationToken ct)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, ItemJson.Options))
        {
            Write(json, response, await PositionAsync(response, ct));
        }

        return TypedResults.Bytes(buffer.WrittenMemory, "application/json");
    }

    public async Task<IResult> ShowPageAsync(Caller owner, List<Guid> ids, int take, CancellationToken ct)
    {
        var rows = await queries.ListAsync([.. ids.Take(take)], owner, ct);
        var buffer = new ArrayBufferWriter<byte>(16 << 10);
        using (var json = new Utf8JsonWriter(buffer, ItemJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "list"u8);
            json.WriteStartArray("data"u8);
            foreach (var response in rows)
            {
                Write(json, response, position: null);
            }

            json.WriteEndArray();
            if (rows.Count > 0)
            {
                json.WriteString("first_id"u8, rows[0].Id.ToString());
                json.WriteString("last_id"u8, rows[^1].Id.ToString());
            }

            json.WriteBoolean("has_more"u8, ids.Count > take);
            json.WriteEndObject();
        }

        return TypedResults.Bytes(buffer.WrittenMemory, "application/json");
    }

    private async Task<int?> PositionAsync(Response response, CancellationToken ct) =>
        response.Progress.Status == ResponseStatus.Queued ? await store.QueuePositionAsync(response.Id, ct) : null;

    private static void Write(Utf8JsonWriter json, Response response, int? position)
    {
        var progress = response.Progress;
        if (ResponseStatus.IsFinal(progress.Status))
        {
            ResponseResource.Write(json, response);
            return;
        }

        // OpenAI's object, and members of ours after its last.
        var plain = ResponseResource.ToJson(response);
        var ours = ItemJson.Build(members =>
        {
            if (position is { } place)
            {
                members.WriteNumber("queue_position"u8, place);
            }

            members.WriteStartObject("progress"u8);
            members.WriteNumber("model_calls"u8, progress.ModelCalls);
            members.WriteNumber("output_items"u8, progress.Output.Count);
            members.WriteNumber("tool_calls"u8, progress.Executions.Count);
            members.WriteNumber("tool_calls_completed"u8, progress.Executions.Count(execution => execution.CompletedAt is not null));
            members.WriteEndObject();
        }).GetRawText();
        json.WriteRawValue([.. plain.AsSpan(..^1), (byte)',', .. System.Text.Encoding.UTF8.GetBytes(ours).AsSpan(1)], skipInputValidation: true);
    }
}
