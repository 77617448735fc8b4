using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JanServer.ServiceDefaults.Health;

/// <summary>
/// Writes <c>{"status", "checks": {name: {"status", "error"?}}}</c>. The probes are anonymous, so an exception shows as its type:
/// its message may hold a connection string.
/// </summary>
internal static class HealthReportWriter
{
    public static Task WriteAliveAsync(HttpResponse response) => WriteAsync(response, StatusCodes.Status200OK, "healthy", []);

    public static Task WriteNotReadyAsync(HttpResponse response, string status) =>
        WriteAsync(response, StatusCodes.Status503ServiceUnavailable, status, []);

    public static Task WriteAsync(HttpResponse response, HealthReport report) =>
        WriteAsync(
            response,
            report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK,
            NameOf(report.Status),
            report.Entries);

    private static async Task WriteAsync(
        HttpResponse response,
        int code,
        string status,
        IEnumerable<KeyValuePair<string, HealthReportEntry>> checks)
    {
        response.StatusCode = code;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsHead(response.HttpContext.Request.Method))
        {
            return;
        }

        await using (var json = new Utf8JsonWriter(response.BodyWriter))
        {
            json.WriteStartObject();
            json.WriteString("status"u8, status);
            json.WriteStartObject("checks"u8);
            foreach (var (name, entry) in checks)
            {
                json.WriteStartObject(name);
                json.WriteString("status"u8, NameOf(entry.Status));
                if (entry.Status != HealthStatus.Healthy && ErrorOf(entry) is { } error)
                {
                    json.WriteString("error"u8, error);
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        await response.BodyWriter.FlushAsync(response.HttpContext.RequestAborted);
    }

    // HealthCheckService describes a check that threw by the exception's message.
    private static string? ErrorOf(HealthReportEntry entry) =>
        entry.Exception is { } exception && (entry.Description is null || entry.Description == exception.Message)
            ? exception.GetType().Name
            : entry.Description;

    private static string NameOf(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };
}
