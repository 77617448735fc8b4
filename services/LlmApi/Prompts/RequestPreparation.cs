using JanServer.LlmApi.Context;
using JanServer.LlmApi.Media;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Requests;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Prompts;

/// <summary>
/// What happens to a chat request between the choice of its model and the first attempt: modules add to the system message, the prompt
/// is made to fit, ids of stored files become files. All of it is edits of the client's bytes, and a request that needs none of it is
/// only looked at.
/// </summary>
internal sealed class RequestPreparation(PromptComposer composer, ContextFit context, MediaResolver media)
{
    /// <param name="request">The checked request.</param>
    /// <param name="body">Its bytes.</param>
    /// <param name="edits">Those there are already: the request's own, and what earlier stages added.</param>
    /// <param name="caller">Whose request it is.</param>
    /// <param name="route">The model that answers.</param>
    /// <param name="inputs">What beside the body shapes the prompt.</param>
    /// <param name="ct">Ends the waits.</param>
    public async ValueTask<(PreparedRequest? Request, ApiError? Error)> PrepareAsync(
        CompletionRequest request,
        RequestBody body,
        IReadOnlyList<Edit> edits,
        Caller caller,
        ModelRoute route,
        PromptInputs inputs,
        CancellationToken ct)
    {
        if (request.Operation != Operation.Chat)
        {
            return (new(edits), null);
        }

        EditList? changes = null;
        var composed = ComposedPrompt.Nothing;
        if (composer.MayApply(inputs))
        {
            composed = await composer.ComposeAsync(request, body.Bytes, caller, route, inputs, ct);
            SystemMessage.Merge(body.Bytes.Span, request.Messages(body.Bytes.Span), composed, changes = new(edits));
        }

        TrimReport? trimmed = null;
        if (context.MustCount(request, body.Bytes.Span, route, composed.Tokens))
        {
            (trimmed, var error) = await context.FitAsync(request, body.Bytes, route, composed.Tokens, changes ??= new(edits), ct);
            if (error is not null)
            {
                return (null, error);
            }
        }

        if (MediaReferences.MayHave(request.Places.Find(Member.Messages).Of(body.Bytes.Span)))
        {
            changes ??= new(edits);
            if (await ResolveMediaAsync(request, body, changes, ct) is { } error)
            {
                return (null, error);
            }
        }

        return (
            new(changes?.Build() ?? edits) { AppliedModules = composed.Applied, FailedModules = composed.Failed, Trimmed = trimmed },
            null);
    }

    private async ValueTask<ApiError?> ResolveMediaAsync(CompletionRequest request, RequestBody body, EditList changes, CancellationToken ct)
    {
        var references = MediaReferences.Find(body.Bytes.Span, request.Messages(body.Bytes.Span));

        // What was trimmed away need not be there.
        references.RemoveAll(reference => changes.Covers(reference.Place));
        return references.Count > 0 ? await media.ResolveAsync(references, body.Bytes, changes, ct) : null;
    }
}
