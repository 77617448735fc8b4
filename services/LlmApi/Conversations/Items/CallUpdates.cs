using JanServer.Contracts.Ids;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Conversations.Items;

/// <summary>Writes what became of the call of a tool, which whoever ran it says by the call's id.</summary>
internal sealed class CallUpdates(ItemStore store, TimeProvider clock)
{
    private const int MaxName = 512;

    public async Task<(PlacedItem? Item, ApiError? Error)> UpdateAsync(
        Caller caller, Id<Conversation> id, string callId, UpdateCall input, CancellationToken ct)
    {
        if (Check(input) is { } error)
        {
            return (null, error);
        }

        if (callId.Contains('\0', StringComparison.Ordinal) || await store.FindCallAsync(caller, id, callId, ct) is not { } found)
        {
            return (null, ApiError.NotFound("call"));
        }

        var item = found.Item with
        {
            Status = input.Status,
            Output = input.Output ?? found.Item.Output,
            Error = input.Error ?? found.Item.Error,
            Name = input.Name ?? found.Item.Name,
            Arguments = input.Arguments ?? found.Item.Arguments,
            ServerLabel = input.ServerLabel ?? found.Item.ServerLabel,
            CompletedAt = ItemVocabulary.IsFinal(input.Status!) ? clock.GetUtcNow() : null,
        };
        if ((input.Output ?? input.Error) is { } answer)
        {
            item = item with { Content = new ContentBuilder().AddText(ContentTypes.McpCall, answer, callId).Build() };
        }

        return await store.UpdateCallAsync(item, ct) > 0 ? (found with { Item = item }, null) : (null, ApiError.NotFound("call"));
    }

    private static ApiError? Check(UpdateCall input)
    {
        if (input.Status is null)
        {
            return ApiError.Missing("status");
        }

        if (!ItemVocabulary.Statuses.Contains(input.Status))
        {
            return ApiError.Invalid("status", "This is no status that is known here.");
        }

        return CheckText(input.Output, ItemReader.MaxCallText, "output")
            ?? CheckText(input.Error, ItemReader.MaxCallText, "error")
            ?? CheckText(input.Arguments, ItemReader.MaxCallText, "arguments")
            ?? CheckText(input.Name, MaxName, "name")
            ?? CheckText(input.ServerLabel, MaxName, "server_label");
    }

    private static ApiError? CheckText(string? text, int max, string param) =>
        text is null ? null
        : text.Length > max ? ApiError.Invalid(param, $"It may have at most {max} characters.")
        : text.Contains('\0', StringComparison.Ordinal) ? ApiError.Invalid(param, "It must not hold NUL.")
        : null;
}
