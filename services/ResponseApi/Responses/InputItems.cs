using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.ResponseApi.Contexts;
using JanServer.ResponseApi.Runs;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.ResponseApi.Responses;

/// <summary>
/// The items that a response was made of, as OpenAI lists them: those of the responses before it, with what they answered, and its own. The
/// items of a conversation are listed by the conversation.
/// </summary>
internal sealed class InputItems(ResponseQueries queries, ChainStore chains)
{
    /// <summary>The items, oldest first; null when the owner has no such response.</summary>
    public async Task<List<JsonElement>?> ListAsync(Caller owner, Id<Response> id, CancellationToken ct)
    {
        if (await queries.FindAsync(owner, id, ct) is not { } response)
        {
            return null;
        }

        var before = response.Request.PreviousResponseId is { } previous
            ? await chains.ListAsync(owner, Id<Response>.Parse(previous), ct)
            : [];
        return [.. before.SelectMany(link => link.Items).Concat(response.Input).Select(item => item.Item)];
    }
}
