using JanServer.LlmApi.Answers;
using JanServer.LlmApi.Metering;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Prompts;
using JanServer.LlmApi.Providers;
using JanServer.LlmApi.Requests;
using JanServer.LlmApi.Streaming;
using JanServer.LlmApi.Turns;
using JanServer.LlmApi.Upstreams;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Shutdown;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Completions;

/// <summary>
/// The way of a request to a model and of its answer back: read and check the body, find who serves the model, prepare the prompt,
/// get an answer to begin, relay it, account for it.
/// </summary>
internal sealed class CompletionPipeline(
    ProviderRegistry registry,
    RequestPreparation preparation,
    Failover failover,
    RequestWatch watches,
    LlmMetrics metrics,
    TurnKeeping turns,
    Bookkeeping books,
    OpenExchanges open,
    DrainDeadline drain,
    TimeProvider clock,
    IOptions<CompletionOptions> options)
{
    public async Task RunAsync(HttpContext http, Caller caller, Operation operation)
    {
        var gone = http.RequestAborted;
        var (body, error) = await RequestBody.ReadAsync(http, options.Value.MaxRequestBytes, gone);
        if (body is null)
        {
            await ErrorEnvelope.WriteAsync(http, error!);
            return;
        }

        using (body)
        {
            var request = RequestScan.Read(operation, body.Bytes.Span, out error);
            var route = request is null ? null : registry.Catalog.Find(request.Model, caller);
            if (route is null)
            {
                await ErrorEnvelope.WriteAsync(http, error ?? ModelCatalog.Unknown(request!.Model));
                return;
            }

            route = RequestDefaults.Choose(registry.Catalog, route, request!, body.Bytes.Span, caller);
            var exchange = new Exchange(request!, caller, http.TraceIdentifier, clock)
            {
                Model = route.Id,
                ReasoningFormat = route.Details.ReasoningFormat,
            };
            if (await PrepareAsync(http, exchange, route, body) is { } refused)
            {
                await ErrorEnvelope.WriteAsync(http, refused);
                return;
            }

            await ServeAsync(http, exchange, route, body);
        }
    }

    /// <summary>Finds what the request belongs to and makes its body ready; or says why it cannot be served.</summary>
    private async ValueTask<ApiError?> PrepareAsync(HttpContext http, Exchange exchange, ModelRoute route, RequestBody body)
    {
        var gone = http.RequestAborted;
        if (await turns.BeginAsync(exchange, body, http.Request.Query["referrer"], gone) is { } refused)
        {
            return refused;
        }

        var inputs = exchange.Keeping?.Target is { } target ? target.AddTo(PromptInputs.Of(http.Request)) : PromptInputs.Of(http.Request);
        var (prepared, error) = await preparation.PrepareAsync(exchange.Request, body, exchange.Edits, exchange.Caller, route, inputs, gone);
        if (prepared is null)
        {
            return error;
        }

        exchange.Edits = RequestDefaults.Apply(exchange.Request, body.Bytes.Span, prepared.Edits, route.Details);
        exchange.IsTrimmed = prepared.Trimmed is not null;
        prepared.AddTo(http.Response.Headers);
        return null;
    }

    private async Task ServeAsync(HttpContext http, Exchange exchange, ModelRoute route, RequestBody body)
    {
        var gone = http.RequestAborted;
        using var client = exchange.Request.Stream ? new ClientStream(http, clock) : null;
        using var watch = new WatchedRequest(clock, client, options.Value.Heartbeat, gone);
        watches.Add(watch);
        metrics.Started(exchange);
        try
        {
            var (answer, error) = await failover.SendAsync(exchange, route, body, watch, gone);
            if (answer is null)
            {
                await FailAsync(http, client, error!);
                return;
            }

            // From here on nothing is sent again.
            body.Dispose();
            using (answer)
            {
                open.Begin(exchange);
                var (delivery, unstorable) = await turns.DeliverAsync(exchange);
                if (delivery is null)
                {
                    await FailAsync(http, client, unstorable!);
                    return;
                }

                await RelayAsync(http, client, exchange, answer, delivery, watch);
            }
        }
        catch (Exception e) when (e is OperationCanceledException || (e is IOException && gone.IsCancellationRequested))
        {
            // Waits for the upstream end as failures, so this is the client's leaving; a flush may know of it before the token does.
            exchange.Status = exchange.IsClosed ? exchange.Status : ExchangeStatus.Cancelled;
        }
        finally
        {
            watches.Remove(watch);
            if (client is not null)
            {
                await client.CloseAsync();
            }

            metrics.Ended(exchange);
            await books.CloseAsync(exchange);
            turns.End(exchange);
        }
    }

    private async Task RelayAsync(
        HttpContext http, ClientStream? client, Exchange exchange, UpstreamAnswer answer, AnswerDelivery delivery, WatchedRequest watch)
    {
        var gone = http.RequestAborted;
        if (client is null)
        {
            await PlainAnswer.WriteAsync(http, exchange, answer, delivery, gone);
        }
        else if (answer.Events is null)
        {
            await StreamedAnswer.WriteAsync(client, exchange, answer, delivery, gone);
        }
        else
        {
            var relay = new StreamRelay(exchange, answer, delivery, client, watch, options.Value.StreamIdle, options.Value.MaxEventBytes);
            using var stopping = drain.Token.Register(static state => ((StreamRelay)state!).Stop(), relay);
            if (await relay.RunAsync(watch.Attempt, gone) is { } failure)
            {
                failover.Report(answer.Offer.Provider, answer.Endpoint, failure);
                return;
            }

            // The client has its whole answer before the connection is read to its end, so that it can be used again.
            await http.Response.CompleteAsync();
            await relay.FinishAsync(watch.Attempt);
        }
    }

    private static async Task FailAsync(HttpContext http, ClientStream? client, ApiError error)
    {
        if (client is null)
        {
            await ErrorEnvelope.WriteAsync(http, error);
            return;
        }

        // No heartbeat may begin a stream once the error is being sent as a status.
        await client.CloseAsync();
        if (!client.HasBegun)
        {
            await ErrorEnvelope.WriteAsync(http, error);
            return;
        }

        await client.EnterAsync(http.RequestAborted);
        client.WriteError(error);
        client.WriteDone();
        await client.LeaveAsync(http.RequestAborted);
    }
}
