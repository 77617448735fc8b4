using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.ResponseApi.Contexts;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Requests;
using JanServer.ResponseApi.Runs;
using JanServer.ResponseApi.Webhooks;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Responses;

/// <summary>Makes a response of a request: everything is checked and loaded, nothing is stored.</summary>
internal sealed class ResponseCreation(ContextLoader contexts, TimeProvider clock)
{
    public async Task<(Response? Response, ApiError? Error)> MakeAsync(Caller caller, JsonElement body, CancellationToken ct)
    {
        var (request, invalid) = RequestReader.Read(body);
        if (request is null)
        {
            return (null, invalid);
        }

        if (WebhookTargets.Check(request) is { } unfit)
        {
            return (null, unfit);
        }

        var (input, unreadable) = InputReader.Read(request.Input, clock);
        if (input is null)
        {
            return (null, unreadable);
        }

        var (loaded, missing) = await contexts.LoadAsync(caller, request, input, ct);
        if (loaded is null)
        {
            return (null, missing);
        }

        if (CallPairing.Check(loaded.Context, loaded.Input) is { } unpaired)
        {
            return (null, unpaired);
        }

        var now = clock.GetUtcNow();
        return (new()
        {
            Id = Id<Response>.New(clock),
            Caller = caller,
            Request = request,
            Context = loaded.Context,
            Input = loaded.Input,
            ConversationId = request.Conversation,
            CreatedAt = now,
            QueuedAt = request.Background ? now : null,
            Progress = new() { Status = request.Background ? ResponseStatus.Queued : ResponseStatus.InProgress },
        }, null);
    }
}
