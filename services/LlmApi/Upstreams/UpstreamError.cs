using System.Text.Json;
using System.Text.RegularExpressions;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Upstreams;

/// <summary>Turns an upstream's error into ours: the class of its status, and its message when that is safe to show.</summary>
internal static partial class UpstreamError
{
    private const int MaxMessage = 1000;

    /// <summary>The error to answer with for an upstream's answer of <paramref name="status"/>.</summary>
    public static ApiError From(int status, ReadOnlyMemory<byte> body, string? apiKey, TimeSpan? retryAfter)
    {
        var detail = Parse(body, apiKey);
        return status switch
        {
            StatusCodes.Status400BadRequest or StatusCodes.Status422UnprocessableEntity => new(
                status,
                detail.Code == ErrorCodes.ContextLengthExceeded ? ErrorCodes.ContextLengthExceeded : ErrorCodes.InvalidValue,
                detail.Message ?? "The model's server refused the request as invalid.",
                detail.Param),
            StatusCodes.Status404NotFound => new(
                status,
                ErrorCodes.ModelNotFound,
                detail.Message ?? "The model's server does not have this model or does not offer this operation for it."),
            StatusCodes.Status413PayloadTooLarge => new(
                status,
                ErrorCodes.RequestTooLarge,
                detail.Message ?? "The request is larger than the model's server takes."),
            StatusCodes.Status429TooManyRequests => new(
                status,
                ErrorCodes.RateLimitExceeded,
                detail.Message ?? "The model's server takes no more requests for now.",
                retryAfter: retryAfter ?? TimeSpan.FromSeconds(1)),
            StatusCodes.Status408RequestTimeout or StatusCodes.Status504GatewayTimeout =>
                ApiError.UpstreamTimeout("The model's server did not answer in time."),
            StatusCodes.Status503ServiceUnavailable => new(
                StatusCodes.Status502BadGateway,
                ErrorCodes.UpstreamError,
                "The model's server is not available for now; try again.",
                retryAfter: retryAfter),
            _ => ApiError.Upstream("The model's server failed to answer this request."),
        };
    }

    /// <summary>The error that an event or a 200 answer with an <c>error</c> member stands for.</summary>
    public static ApiError FromBody(ReadOnlyMemory<byte> body, string? apiKey)
    {
        var detail = Parse(body, apiKey);
        return detail.Status is >= 400 and < 500 and not (401 or 403)
            ? From(detail.Status, body, apiKey, null)
            : ApiError.Upstream(detail.Message ?? "The model's server failed while it answered this request.");
    }

    private static (string? Message, string? Code, string? Param, int Status) Parse(ReadOnlyMemory<byte> body, string? apiKey)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0)
            {
                root = root[0];
            }

            if (root.ValueKind != JsonValueKind.Object)
            {
                return default;
            }

            var error = root.TryGetProperty("error", out var nested) ? nested : root;
            if (error.ValueKind == JsonValueKind.String)
            {
                return (Clean(error.GetString(), apiKey), null, null, 0);
            }

            if (error.ValueKind != JsonValueKind.Object)
            {
                return default;
            }

            var status = error.TryGetProperty("code", out var number) && number.ValueKind == JsonValueKind.Number
                && number.TryGetInt32(out var value) ? value : 0;
            return (Clean(Text(error, "message") ?? Text(error, "detail"), apiKey), Text(error, "code"), Clean(Text(error, "param"), apiKey), status);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A message without addresses and credentials of the upstream; null when it is too long to be a message.</summary>
    private static string? Clean(string? message, string? apiKey)
    {
        if (string.IsNullOrWhiteSpace(message) || message.Length > MaxMessage)
        {
            return null;
        }

        var clean = apiKey is { Length: > 3 } ? message.Replace(apiKey, "[redacted]", StringComparison.Ordinal) : message;
        clean = Secrets().Replace(clean, "[redacted]");
        clean = Addresses().Replace(clean, "[address]");
        return string.Concat(clean.Where(c => !char.IsControl(c) || c == '\n'));
    }

    [GeneratedRegex(@"\b(?:sk|pk|rk|gsk|xai|hf|AIza)[-_][A-Za-z0-9_\-*]{4,}|\bBearer\s+\S+", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex Secrets();

    [GeneratedRegex(@"\b[a-z][a-z0-9+.\-]*://[^\s""')\]]+|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 100)]
    private static partial Regex Addresses();
}
