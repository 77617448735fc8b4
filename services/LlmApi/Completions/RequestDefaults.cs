using JanServer.LlmApi.Models;
using JanServer.LlmApi.Requests;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.LlmApi.Completions;

/// <summary>What the catalogue decides where a request does not: sampling parameters, and who answers without thinking.</summary>
internal static class RequestDefaults
{
    /// <summary>
    /// The model that answers: the instruct model of the one asked for, when the request turns thinking off and is no image's. Without such
    /// a model, or when the caller may not use it, the one asked for.
    /// </summary>
    public static ModelRoute Choose(ModelCatalog catalog, ModelRoute route, CompletionRequest request, ReadOnlySpan<byte> body, Caller caller)
    {
        if (route.Details.InstructModel is not { } instruct)
        {
            return route;
        }

        var thinking = request.Places.Find(Member.EnableThinking);
        var image = request.Places.Find(Member.Image);
        var isOff = !thinking.IsEmpty && body[thinking.Start] == 'f' && (image.IsEmpty || body[image.Start] != 't');
        return isOff ? catalog.Find(instruct, caller) ?? route : route;
    }

    /// <summary>Adds the model's defaults for what the request leaves out. What it says, also a 0, stands.</summary>
    /// <returns>The edits in order.</returns>
    public static IReadOnlyList<Edit> Apply(CompletionRequest request, ReadOnlySpan<byte> body, IReadOnlyList<Edit> edits, ModelDetails details)
    {
        if (details.Defaults.Count == 0 || request.Operation == Operation.Embedding)
        {
            return edits;
        }

        EditList? added = null;
        foreach (var one in details.Defaults)
        {
            if (request.Places.Has(one.Member, body) || (one.Member == Member.MaxTokens && request.Places.Has(Member.MaxCompletionTokens, body)))
            {
                continue;
            }

            added ??= new(edits);
            var place = request.Places.Find(one.Member);
            if (place.IsEmpty)
            {
                added.Insert(request.End, one.Addition);
            }
            else
            {
                added.Replace(place, one.Value.Bytes);
            }
        }

        return added?.Build() ?? edits;
    }
}
