using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using JanServer.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http;

namespace JanServer.ServiceDefaults.Errors;

/// <summary>The one place that turns an <see cref="ApiError"/> into bytes: a response body or an in-band stream event.</summary>
public static class ErrorEnvelope
{
    private static readonly ErrorJson Json = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,

        // The body is never embedded in HTML, and messages quote field names.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Writes <c>{"error":{…},"request_id":"…"}</c>.</summary>
    public static void Write(IBufferWriter<byte> writer, ApiError error, string? requestId)
    {
        ArgumentNullException.ThrowIfNull(error);
        using var json = new Utf8JsonWriter(writer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        JsonSerializer.Serialize(json, new ErrorBody(new(error.Message, error.Type, error.Param, error.Code, error.ConflictsWith), requestId), Json.ErrorBody);
    }

    /// <summary>
    /// Writes the envelope as one server-sent event (WHATWG HTML, section 9.2), for failures after the first byte. OpenAI's
    /// SDKs raise an error for an event whose data has an <c>error</c> member.
    /// </summary>
    public static void WriteEvent(IBufferWriter<byte> writer, ApiError error, string? requestId)
    {
        writer.Write("data: "u8);
        Write(writer, error, requestId);
        writer.Write("\n\n"u8);
    }

    /// <summary>Answers the request with the error, or does nothing when the response has already begun.</summary>
    public static async Task WriteAsync(HttpContext context, ApiError error)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(error);
        var response = context.Response;
        if (response.HasStarted)
        {
            return;
        }

        response.StatusCode = error.Status;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.CacheControl = "no-store";

        // The exception handler has cleared the headers that were there.
        response.Headers[RequestIds.HeaderName] = context.TraceIdentifier;
        if (error.RetryAfter is { } after)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (error.Status == StatusCodes.Status401Unauthorized && !response.Headers.ContainsKey("WWW-Authenticate"))
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        Write(response.BodyWriter, error, context.TraceIdentifier);
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
