using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.ResponseApi.Background;
using JanServer.ResponseApi.EventLog;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Requests;
using JanServer.ResponseApi.Runs;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace JanServer.ResponseApi.Responses;

/// <summary>OpenAI's Responses API, and a list.</summary>
internal static class ResponseEndpoints
{
    private static readonly TimeSpan FullQueue = TimeSpan.FromSeconds(10);

    public static void MapResponses(this IEndpointRouteBuilder v1)
    {
        var responses = v1.MapGroup("/responses").WithTags("Responses").RequireScope(Scopes.Inference);
        responses.MapPost("", CreateAsync).WithName("createResponse")
            .WithSummary("Makes a response: at once, as a stream of events, or in the background.")
            .WithDescription("The model is asked, the tools that it calls run here, and it is asked again, until it answers or a limit is reached. Calls of "
                + "the client's functions, and requests for approval, end the response: their outputs are the input of the next. The answer is OpenAI's Response.")
            .WithResponseRequest("model");
        responses.MapGet("", ListAsync).WithName("listResponses").WithSummary("The caller's stored responses in the project, newest first.")
            .WithDescription("A page by creation: limit, order, and after, the id of the last one of the page before. Not one of OpenAI's routes.");
        responses.MapGet("/{id}", GetAsync).WithName("getResponse")
            .WithSummary("A stored response. With stream=true the events of a background response, after starting_after, live.")
            .WithDescription("One that has not ended has its place in the queue (queue_position, 1 is next) and how far it is (progress).");
        responses.MapDelete("/{id}", RemoveAsync).WithName("deleteResponse").WithSummary("Deletes a response; one that runs is cancelled first.")
            .WithDescription("Its events and tool calls go with it. Items that are in a conversation stay there.");
        responses.MapPost("/{id}/cancel", CancelAsync).WithName("cancelResponse")
            .WithSummary("Cancels a response that waits or runs. One that has ended stays as it is.")
            .WithDescription("The model's server and the tools are told to stop. What was made until then stays in the output.");
        responses.MapGet("/{id}/input_items", ListInputAsync).WithName("listInputItems")
            .WithSummary("The items that the response was made of: those of the responses before it, then its own.")
            .WithDescription("The items of a conversation are listed by the conversation. The page goes on after the id of an item.");
    }

    private static async Task<IResult> CreateAsync(
        [FromBody] JsonElement body,
        Caller caller,
        ResponseCreation creation,
        ResponseStore store,
        ResponseViews views,
        ForegroundRuns runs,
        EventLogReader events,
        HttpContext context,
        CancellationToken ct)
    {
        var (response, error) = await creation.MakeAsync(caller, body, ct);
        if (response is null)
        {
            return error!;
        }

        if (response.Request.Background)
        {
            if (!await store.EnqueueAsync(response, ct))
            {
                return ApiError.TooManyRequests("Too many background responses wait already. Try again when some have ended.", FullQueue);
            }

            return response.Request.Stream
                ? new StreamResult(stream => EventStream.WriteAsync(stream, events.ReadAsync(response.Id, -1, stream.RequestAborted), stream.RequestAborted))
                : await views.ShowAsync(response, ct);
        }

        if (response.Request.Stream)
        {
            return new StreamResult(stream => runs.StreamAsync(response, stream));
        }

        var reason = await runs.RunAsync(response, context.RequestAborted);
        if (response.Progress is { Status: ResponseStatus.Failed, Output.Count: 0, Error: { } failure })
        {
            return new ApiError(failure.Status, failure.Code, failure.Message, failure.Param);
        }

        return reason is StopReason.Cancelled or StopReason.Lost && await views.FindAsync(caller, response.Id, ct) is { } stored
            ? await views.ShowAsync(stored, ct)
            : await views.ShowAsync(response, ct);
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page,
        [AsParameters] ResponseListQuery query,
        Caller caller,
        ResponseStore store,
        ResponseViews views,
        CancellationToken ct)
    {
        foreach (var (name, text) in ((string, string?)[])[("model", query.Model), ("conversation", query.Conversation)])
        {
            if (text?.Contains('\0', StringComparison.Ordinal) == true)
            {
                return ApiError.Invalid(name, "It must not hold NUL.");
            }
        }

        var filter = new ResponseFilter(query.Status, query.Model, query.Background, query.Conversation);
        return await views.ShowPageAsync(caller, await store.ListAsync(caller, filter, page, ct), page.Take, ct);
    }

    private static async Task<IResult> GetAsync(
        Id<Response> id,
        bool? stream,
        [FromQuery(Name = "starting_after")] long? startingAfter,
        Caller caller,
        ResponseViews views,
        EventLogReader events,
        CancellationToken ct)
    {
        if (await views.FindAsync(caller, id, ct) is not { } response)
        {
            return ApiError.NotFound("response");
        }

        if (stream != true)
        {
            return startingAfter is null ? await views.ShowAsync(response, ct) : ApiError.Invalid("starting_after", "It takes stream=true.");
        }

        return await events.HasEventsAsync(id, ct)
            ? new StreamResult(context => EventStream.WriteAsync(context, events.ReadAsync(id, startingAfter ?? -1, context.RequestAborted), context.RequestAborted))
            : ApiError.Invalid("stream", "Only background responses have events that can be read again, and those for some hours after their end.");
    }

    private static async Task<IResult> RemoveAsync(
        Id<Response> id, Caller caller, ResponseStore store, ResponseViews views, RunEnds ends, RunningResponses running, CancellationToken ct)
    {
        if (await views.FindAsync(caller, id, ct) is not { } response)
        {
            return ApiError.NotFound("response");
        }

        if (!ResponseStatus.IsFinal(response.Progress.Status) && await ends.CancelAsync(caller, response, ct))
        {
            running.Stop(id.Value, StopReason.Cancelled);
        }

        return await store.RemoveAsync(caller, id, ct)
            ? TypedResults.Ok(new DeletedResponse(id.ToString()))
            : ApiError.NotFound("response");
    }

    private static async Task<IResult> CancelAsync(
        Id<Response> id, Caller caller, ResponseViews views, RunEnds ends, RunningResponses running, CancellationToken ct)
    {
        if (await views.FindAsync(caller, id, ct) is not { } response)
        {
            return ApiError.NotFound("response");
        }

        if (!ResponseStatus.IsFinal(response.Progress.Status) && await ends.CancelAsync(caller, response, ct))
        {
            running.Stop(id.Value, StopReason.Cancelled);
        }

        return await views.FindAsync(caller, id, ct) is { } now ? await views.ShowAsync(now, ct) : ApiError.NotFound("response");
    }

    private static async Task<Results<Ok<Page<JsonElement>>, ApiError>> ListInputAsync(
        Id<Response> id, [AsParameters] PageQuery page, Caller caller, InputItems items, CancellationToken ct)
    {
        if (await items.ListAsync(caller, id, ct) is not { } all)
        {
            return ApiError.NotFound("response");
        }

        if (!page.Ascending)
        {
            all.Reverse();
        }

        var begin = page.Start is { } after ? all.FindIndex(item => item.Text("id") == after) + 1 : 0;
        if (begin == 0 && page.Start is not null)
        {
            return ApiError.Invalid("after", "The response has no input item of that id.");
        }

        return TypedResults.Ok(Page.Of(
            all.GetRange(begin, Math.Min(page.Take + 1, all.Count - begin)), page.Take, item => item, item => item.Text("id") ?? ""));
    }
}
