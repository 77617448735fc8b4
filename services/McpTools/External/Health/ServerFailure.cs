using System.Data.Common;
using System.Net;
using System.Text.Json;
using JanServer.McpTools.External.Connections;
using JanServer.McpTools.External.SignIn;
using JanServer.ServiceDefaults.Outbound;
using ModelContextProtocol;

namespace JanServer.McpTools.External.Health;

/// <summary>Why a server could not be used: a class for health, and a sentence for whoever called. Neither holds what the server said.</summary>
/// <param name="Class">What <c>health.last_error</c> shows.</param>
/// <param name="Message">For a person or a model.</param>
/// <param name="CountsAgainstServer">Whether the breaker counts it.</param>
internal sealed record ServerFailure(string Class, string Message, bool CountsAgainstServer = true)
{
    public static ServerFailure TimedOut { get; } = new("timeout", "The server did not answer in time.");

    public static ServerFailure Busy { get; } = new("busy", "Too many calls of this server are under way; try again soon.", CountsAgainstServer: false);

    public static ServerFailure NoSecrets { get; } =
        new("secrets", "The server's secrets cannot be read; set them anew.", CountsAgainstServer: false);

    public static ServerFailure StdioDisabled { get; } =
        new("disabled", "The operator has not enabled servers that are programs.", CountsAgainstServer: false);

    public static ServerFailure TooLarge { get; } = new("too_large", "The server's answer is larger than allowed.", CountsAgainstServer: false);

    /// <summary>What an exception of a connection or a call means; null for one that is a bug of ours.</summary>
    public static ServerFailure? Of(Exception exception)
    {
        if (Causes(exception).Any(cause => cause is DbException))
        {
            // Our database, not their server.
            return null;
        }

        ServerFailure? found = null;
        foreach (var cause in Causes(exception))
        {
            // The innermost that says something says most: the SDK wraps what its transports throw.
            found = Plain(cause) ?? found;
        }

        return found;
    }

    /// <summary>Whether somebody must sign in first.</summary>
    public static bool IsSignIn(Exception exception) => Causes(exception).Any(cause => cause is SignInRequiredException);

    /// <summary>Whether the server has forgotten the session.</summary>
    public static bool IsEndOfSession(Exception exception) => Causes(exception).Any(cause => cause is SessionEndedException);

    private static ServerFailure? Plain(Exception exception) => exception switch
    {
        ServerFailureException failure => failure.Failure,
        OutboundRefusedException => new("refused", "The server's host is unknown, or its address may not be reached from here."),
        MessageTooLargeException => TooLarge,
        HttpRequestException { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } =>
            new("unauthorized", "The server refused our credentials.", CountsAgainstServer: false),
        HttpRequestException { StatusCode: { } status } => new($"http_{(int)status}", $"The server answered with status {(int)status}."),
        HttpRequestException or IOException or SessionEndedException => new("unreachable", "The server cannot be reached, or broke off."),
        TimeoutException or OperationCanceledException => TimedOut,
        McpException or JsonException or InvalidOperationException or FormatException =>
            new("protocol", "What the server answered is not MCP as we know it."),
        _ => null,
    };

    private static IEnumerable<Exception> Causes(Exception exception) => exception is AggregateException several
        ? several.InnerExceptions.SelectMany(Causes)
        : exception.InnerException is { } inner ? Causes(inner).Prepend(exception) : [exception];
}

/// <summary>Carries a failure out of where the SDK calls us.</summary>
internal sealed class ServerFailureException(ServerFailure failure) : Exception(failure.Message)
{
    public ServerFailure Failure => failure;
}
