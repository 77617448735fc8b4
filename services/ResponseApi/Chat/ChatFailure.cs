using System.Text.RegularExpressions;
using JanServer.ResponseApi.Runs;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Chat;

/// <summary>Why a model call failed, as llm-api said it.</summary>
/// <param name="Status">llm-api's status, or the one that its error event stands for.</param>
/// <param name="Code">llm-api's <c>error.code</c>.</param>
/// <param name="Message">For the client.</param>
internal sealed partial record ChatFailure(int Status, string Code, string Message)
{
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the same request may succeed a little later.</summary>
    public bool IsTransient => Status is
        StatusCodes.Status429TooManyRequests or StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable;

    /// <summary>Whether the model's server said that it cannot use tools with this model.</summary>
    public bool RefusesTools => Status is >= 400 and < 600 and not StatusCodes.Status429TooManyRequests && ToolsRefused().IsMatch(Message);

    public static ChatFailure BrokeOff { get; } = new(
        StatusCodes.Status502BadGateway, ErrorCodes.UpstreamError, "The model's answer broke off before its end.");

    public static ChatFailure TooLong { get; } = new(
        StatusCodes.Status502BadGateway, ErrorCodes.UpstreamError, "The model's answer is longer than this server takes.");

    public static ChatFailure Unreachable { get; } = new(
        StatusCodes.Status503ServiceUnavailable, ErrorCodes.Unavailable, "The service that asks models cannot be reached for now; try again.");

    public static ChatFailure TimedOut { get; } = new(
        StatusCodes.Status504GatewayTimeout, ErrorCodes.UpstreamTimeout, "The model did not answer in time.");

    /// <summary>The failure that an answer with the envelope of an error stands for.</summary>
    public static ChatFailure From(int status, ReadOnlySpan<byte> body)
    {
        var chunk = new ChatChunk();
        ChunkReader.Read(body, chunk);
        return chunk.Failure is { } failure
            ? failure with { Status = status }
            : new(status, ErrorCodes.UpstreamError, $"The service that asks models answered with status {status}.");
    }

    /// <summary>What the response's <c>error</c> says.</summary>
    public RunError ToError() => new(
        Status switch
        {
            StatusCodes.Status429TooManyRequests => "rate_limit_exceeded",
            >= 500 => "server_error",
            _ when Code is ErrorCodes.ContextLengthExceeded or ErrorCodes.ModelNotFound or ErrorCodes.PermissionDenied => Code,
            _ => "invalid_prompt",
        },
        Message,
        Status,
        Code == ErrorCodes.ModelNotFound ? "model" : null);

    [GeneratedRegex(
        @"(?:tool|function)s?\b.{0,60}\b(?:not|un|n't )\s?(?:be )?support|\bnot support\w*\b.{0,40}\b(?:tool|function)|tools? unsupported|\btool choice requires\b",
        RegexOptions.IgnoreCase | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 200)]
    private static partial Regex ToolsRefused();
}
