using JanServer.McpTools.Protocol.Answers;
using JanServer.McpTools.Protocol.Dispatch;
using JanServer.McpTools.Protocol.Requests;
using JanServer.ServiceDefaults.Auth;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Protocol;

/// <summary><c>POST</c>: the messages of clients.</summary>
internal sealed class PostHandler(Dispatcher dispatcher, Origins origins, IOptions<ProtocolOptions> options)
{
    public async Task HandleAsync(HttpContext context)
    {
        var ct = context.RequestAborted;
        if (!origins.Allow(context.Request))
        {
            await JsonAnswer.RefuseAsync(context.Response, RequestError.Invalid("Forbidden: this origin may not call.", StatusCodes.Status403Forbidden), ct);
            return;
        }

        var form = AnswerForms.Of(context.Request);
        if (form == AnswerForm.None)
        {
            await JsonAnswer.RefuseAsync(
                context.Response,
                RequestError.Invalid("Not acceptable: accept application/json, text/event-stream or both.", StatusCodes.Status406NotAcceptable),
                ct);
            return;
        }

        var (body, error) = await MessageBody.ReadAsync(context, options.Value, ct);
        if (body is null)
        {
            await JsonAnswer.RefuseAsync(context.Response, error!, ct);
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
        if (parsed.Error is { } malformed)
        {
            await JsonAnswer.RefuseAsync(context.Response, malformed, ct, parsed.Id);
            return;
        }

        var (revision, error) = RevisionRules.Check(context.Request.Headers, parsed.Message!);
        if (error is not null)
        {
            await JsonAnswer.RefuseAsync(context.Response, error, ct, parsed.Id);
            return;
        }

        if (parsed.Message is not JsonRpcRequest message)
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        using var answer = new HttpAnswer(context.Response, form, answer => AnswerStatus.Of(answer, revision));
        if (ParameterForms.Check(message) is { } wrong)
        {
            await answer.FinishAsync(wrong.ToMessage(message.Id), ct);
            return;
        }

        await dispatcher.RunAsync(message, RequestOf(context, answer, revision), ct);
    }

    private async Task AnswerBatchAsync(HttpContext context, MessageBody body, AnswerForm form, CancellationToken ct)
    {
        var revision = context.Request.Headers.ValueOf(HeaderNames.ProtocolVersion);
        if (revision is not (null or Revisions.WithBatches))
        {
            await JsonAnswer.RefuseAsync(context.Response, RequestError.Invalid($"Revision {revision} has no batches: send one message."), ct);
            return;
        }

        var answer = new BatchAnswer();
        var request = RequestOf(context, answer, revision);
        await Task.WhenAll(body.Messages.Select(parsed => parsed switch
        {
            { Error: { } malformed } => answer.FinishAsync(malformed.ToMessage(parsed.Id), ct).AsTask(),
            { Message: JsonRpcRequest message } when ParameterForms.Check(message) is { } error =>
                answer.FinishAsync(error.ToMessage(parsed.Id), ct).AsTask(),
            { Message: JsonRpcRequest message } => dispatcher.RunAsync(message, request, ct),
            _ => Task.CompletedTask,
        }));
        await answer.WriteAsync(context.Response, form, ct);
    }

    private static McpRequest RequestOf(HttpContext context, IAnswer answer, string? revision)
    {
        var headers = context.Request.Headers;
        return new(Caller.Of(context)!, answer)
        {
            Revision = revision,
            ToolCallId = headers.ValueOf(HeaderNames.ToolCallId),
            ConversationId = headers.ValueOf(HeaderNames.ConversationId),
            IdempotencyKey = headers.ValueOf(HeaderNames.IdempotencyKey),
        };
    }
}
