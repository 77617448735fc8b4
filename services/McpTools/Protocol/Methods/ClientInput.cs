using System.Text.Json;
using JanServer.McpTools.Protocol.Requests;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace JanServer.McpTools.Protocol.Methods;

/// <summary>
/// Lets tools and prompts ask their client, in the way that its revision has for that: 2026-07-28 ends the request with the questions,
/// and the client asks again with its answers; the revisions before it put the questions on the stream of the request.
/// </summary>
internal sealed class ClientInput(InputState states)
{
    private const int MaxRounds = 10;

    // What a client that has not said what it wants to know is told.
    private const LoggingLevel DefaultLogLevel = LoggingLevel.Warning;

    /// <summary>Runs <paramref name="act"/>, again after each round of questions.</summary>
    /// <param name="context">The request as the SDK has it.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="name">The name of the tool or prompt.</param>
    /// <param name="request">What else is known of it.</param>
    /// <param name="act">Calls the tool or gets the prompt.</param>
    /// <param name="ct">Ends it.</param>
    public async ValueTask<T> GatherAsync<T>(
        MessageContext context, RequestParams parameters, string name, McpRequest request, Func<ClientDialogue, ValueTask<T>> act, CancellationToken ct)
    {
        var message = (JsonRpcRequest)context.JsonRpcMessage;
        var purpose = $"{message.Method} {name}";
        var capabilities = (request.IsStateless ? message.Context?.ClientCapabilities : request.Session?.Capabilities) ?? new();
        var state = parameters.RequestState is { } seal ? states.Open(seal, request.Caller, purpose) : null;
        var answers = parameters.InputResponses ?? new Dictionary<string, InputResponse>();
        for (var round = 0; ; round++)
        {
            try
            {
                return await act(new(capabilities, answers, state, LogOf(message, request)));
            }
            catch (InputRequiredException asked)
            {
                Demand(capabilities, asked.Result.InputRequests);
                if (request.IsStateless)
                {
                    throw new InputRequiredException(Sealed(asked.Result, request, purpose));
                }

                if (request.Questions is not { } questions || round == MaxRounds || !request.Answer.CanNotify)
                {
                    throw new McpProtocolException(
                        "This needs an answer of the client: it takes a session and a client that accepts text/event-stream.",
                        McpErrorCode.InvalidRequest);
                }

                answers = await questions.AskAsync(asked.Result.InputRequests ?? new Dictionary<string, InputRequest>(), request.Answer, ct);
                state = asked.Result.RequestState;
            }
        }
    }

    /// <summary>Refuses the request when the client cannot answer a question.</summary>
    private static void Demand(ClientCapabilities capabilities, IDictionary<string, InputRequest>? questions)
    {
        var missing = new ClientCapabilities();
        var any = false;
        foreach (var question in questions?.Values ?? [])
        {
            switch (question.Method)
            {
                case RequestMethods.ElicitationCreate when capabilities.Elicitation is null:
                    missing.Elicitation = new();
                    any = true;
                    break;
                case RequestMethods.SamplingCreateMessage when capabilities.Sampling is null:
                    missing.Sampling = new();
                    any = true;
                    break;
                case RequestMethods.RootsList when capabilities.Roots is null:
                    missing.Roots = new();
                    any = true;
                    break;
            }
        }

        if (any)
        {
            throw new MissingRequiredClientCapabilityException(missing);
        }
    }

    private InputRequiredResult Sealed(InputRequiredResult asked, McpRequest request, string purpose) => new()
    {
        InputRequests = asked.InputRequests,
        RequestState = asked.RequestState is { } state ? states.Seal(state, request.Caller, purpose) : null,
        Meta = asked.Meta,
    };

    private static Func<LoggingLevel, string, JsonElement, CancellationToken, ValueTask> LogOf(JsonRpcRequest message, McpRequest request)
    {
        // A stateless client asks for messages with each request or gets none.
        var least = request.IsStateless ? message.Context?.LogLevel : request.Session?.LogLevel ?? DefaultLogLevel;
        return (level, logger, data, ct) => level < least || least is null
            ? default
            : request.Answer.SendAsync(
                new JsonRpcNotification
                {
                    Method = NotificationMethods.LoggingMessageNotification,
                    Params = JsonSerializer.SerializeToNode(
                        new LoggingMessageNotificationParams { Level = level, Logger = logger, Data = data },
                        McpJson.TypeOf<LoggingMessageNotificationParams>()),
                },
                ct);
    }
}
