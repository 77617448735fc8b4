using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.McpTools.Calls;
using JanServer.McpTools.Protocol.Answers;
using JanServer.McpTools.Protocol.Dispatch;
using JanServer.McpTools.Protocol.Requests;
using JanServer.McpTools.Protocol.Sessions;
using JanServer.ServiceDefaults.Auth;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Protocol;

/// <summary><c>POST</c>: the messages of clients.</summary>
internal sealed class PostHandler(
    Dispatcher dispatcher,
    Origins origins,
    SessionGate gate,
    SessionStore sessions,
    QuestionAnswers questions,
    RunningRequests running,
    CallCancellations cancellations,
    IOptions<ProtocolOptions> options)
{
    public async Task HandleAsync(HttpContext context)
    {
        var ct = context.RequestAborted;
        var form = AnswerForms.Of(context.Request);
        var refusal = !origins.Allow(context.Request) ? RequestError.ForeignOrigin()
            : form != AnswerForm.None ? null
            : RequestError.Invalid("Not acceptable: accept application/json, text/event-stream or both.", StatusCodes.Status406NotAcceptable);
        var (body, unreadable) = refusal is null ? await MessageBody.ReadAsync(context, options.Value, ct) : default;
        if (body is null)
        {
            await JsonAnswer.RefuseAsync(context.Response, refusal ?? unreadable!, ct);
        }
        else if (body.IsBatch)
        {
            await AnswerBatchAsync(context, body, form, ct);
        }
        else
        {
            await AnswerOneAsync(context, body.Messages[0], form, ct);
        }
    }

    private async Task AnswerOneAsync(HttpContext context, ParsedMessage parsed, AnswerForm form, CancellationToken ct)
    {
        var headers = context.Request.Headers;
        Session? session = null;
        string? revision = null;
        var error = parsed.Error;
        if (error is null)
        {
            (revision, error) = RevisionRules.Check(headers, parsed.Message!);
        }

        // Revision 2026-07-28 has no sessions: an id that is sent nevertheless means nothing.
        if (error is null && revision != Revisions.Stateless && parsed.Message is not JsonRpcRequest { Method: RequestMethods.Initialize })
        {
            (session, error) = await gate.FindAsync(headers, Caller.Of(context)!, ct);
        }

        if (error is null && parsed.Message is not JsonRpcRequest)
        {
            error = await TakeAsync(parsed.Message!, session, Caller.Of(context)!, headers.ValueOf(HeaderNames.IdempotencyKey), ct);
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }

        if (error is not null)
        {
            await JsonAnswer.RefuseAsync(context.Response, error, ct, parsed.Id);
            return;
        }

        if (parsed.Message is JsonRpcRequest message)
        {
            revision ??= session?.Revision;
            using var answer = new HttpAnswer(context.Response, form, answer => AnswerStatus.Of(answer, revision));
            var request = RequestOf(context, answer, revision, session);
            await AnswerAsync(
                message,
                message.Method == RequestMethods.Initialize
                    ? request with { Answer = new InitializeAnswer(answer, message, request.Caller, sessions, context.Response.Headers) }
                    : request,
                ct);
        }
    }

    private async Task AnswerBatchAsync(HttpContext context, MessageBody body, AnswerForm form, CancellationToken ct)
    {
        var (session, error) = await gate.FindAsync(context.Request.Headers, Caller.Of(context)!, ct);
        var revision = context.Request.Headers.ValueOf(HeaderNames.ProtocolVersion) ?? session?.Revision;
        error ??= revision is null or Revisions.WithBatches ? null : RequestError.Invalid($"Revision {revision} has no batches: send one message.");
        if (error is not null)
        {
            await JsonAnswer.RefuseAsync(context.Response, error, ct);
            return;
        }

        var answer = new BatchAnswer();
        var request = RequestOf(context, answer, revision, session);
        await Task.WhenAll(body.Messages.Select(parsed => AnswerPartAsync(parsed, request, ct)));
        await answer.WriteAsync(context.Response, form, ct);
    }

    private async Task AnswerPartAsync(ParsedMessage parsed, McpRequest request, CancellationToken ct)
    {
        var error = parsed switch
        {
            { Error: { } malformed } => malformed,
            { Message: JsonRpcRequest { Method: RequestMethods.Initialize } } => RequestError.Invalid("The handshake cannot be part of a batch."),
            { Message: JsonRpcRequest } => null,
            _ => await TakeAsync(parsed.Message!, request.Session, request.Caller, request.IdempotencyKey, ct),
        };
        if (error is not null)
        {
            await request.Answer.FinishAsync(error.ToMessage(parsed.Id), ct);
        }
        else if (parsed.Message is JsonRpcRequest message)
        {
            await AnswerAsync(message, request, ct);
        }
    }

    private async Task AnswerAsync(JsonRpcRequest message, McpRequest request, CancellationToken ct)
    {
        if (ParameterForms.Check(message) is { } wrong)
        {
            await request.Answer.FinishAsync(wrong.ToMessage(message.Id), ct);
            return;
        }

        await dispatcher.RunAsync(message, request, ct);
    }

    /// <summary>Takes in what is no request: the answer to a question, or a notification.</summary>
    private async Task<RequestError?> TakeAsync(JsonRpcMessage message, Session? session, Caller caller, string? key, CancellationToken ct)
    {
        switch (message)
        {
            case JsonRpcMessageWithId answer:
                return session is null ? RequestError.Invalid("An answer takes the session of its question.") : await questions.TakeAsync(session, answer, ct);

            case JsonRpcNotification { Method: NotificationMethods.CancelledNotification } cancelled:
                if (key is not null)
                {
                    await cancellations.CancelAsync(caller, key, ct);
                }

                // Without a session the id of a request is no name.
                if (session is not null && RequestIdOf(cancelled.Params) is { Id: not null } request)
                {
                    await running.CancelAsync(session.Id, request, ct);
                }

                return null;

            default:
                return null;
        }
    }

    private static RequestId? RequestIdOf(JsonNode? parameters)
    {
        try
        {
            return parameters?.Deserialize(McpJson.TypeOf<CancelledNotificationParams>())?.RequestId;
        }
        catch (JsonException)
        {
            // A notification has no answer that could say what is wrong with it.
            return null;
        }
    }

    private McpRequest RequestOf(HttpContext context, IAnswer answer, string? revision, Session? session)
    {
        var headers = context.Request.Headers;
        return new(Caller.Of(context)!, answer)
        {
            Revision = revision,
            Headers = headers,
            Session = session,
            Questions = session is null ? null : questions.Of(session),
            ToolCallId = headers.ValueOf(HeaderNames.ToolCallId),
            ConversationId = headers.ValueOf(HeaderNames.ConversationId),
            IdempotencyKey = headers.ValueOf(HeaderNames.IdempotencyKey),
        };
    }
}
