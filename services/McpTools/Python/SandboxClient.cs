using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Resilience;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Python;

/// <summary>
/// Asks the sandbox: our own, or SandboxFusion. Nothing is repeated, for a program may have had its effect; the time that it may take is
/// the call's, not that of calls between services.
/// </summary>
internal sealed class SandboxClient(IHttpClientFactory clients, IConfiguration configuration, IOptions<PythonOptions> options)
{
    /// <summary>The resource's name, and that of the client that says for whom it asks.</summary>
    public const string Resource = "sandboxfusion";

    /// <summary>The client that says nothing.</summary>
    public const string Plain = "sandboxfusion-plain";

    // Files come as Base64, beside the output.
    private const long MaxAnswerBytes = 64L << 20;
    private const int MaxDetail = 500;

    /// <summary>Whether it is known where the sandbox is.</summary>
    public bool IsConfigured => options.Value.Url is not null
        || configuration.GetSection($"services:{Resource}").AsEnumerable().Any(setting => setting.Value is { Length: > 0 });

    public Task<(SandboxAnswer? Answer, string? Failure)> RunAsync(SandboxProgram program, Caller caller, CancellationToken ct) =>
        SendAsync("run_code", program, SandboxJson.Default.SandboxProgram, TimeSpan.FromSeconds(program.RunTimeout), caller, ct);

    public Task<(SandboxAnswer? Answer, string? Failure)> RunAsync(SandboxCells cells, Caller caller, CancellationToken ct) =>
        SendAsync("run_jupyter", cells, SandboxJson.Default.SandboxCells, TimeSpan.FromSeconds(cells.TotalTimeout), caller, ct);

    private async Task<(SandboxAnswer? Answer, string? Failure)> SendAsync<T>(
        string path, T body, JsonTypeInfo<T> type, TimeSpan time, Caller caller, CancellationToken ct)
    {
        var limit = time + options.Value.Wait;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(limit);
        try
        {
            using var client = clients.CreateClient(options.Value.ForwardCaller ? Resource : Plain);
            using var request = new HttpRequestMessage(HttpMethod.Post, Address(path)) { Content = JsonContent.Create(body, type) };
            using var response = await client.SendAsync(request.For(caller), HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, deadline.Token);
            return response.IsSuccessStatusCode
                ? await ReadAsync(response, deadline.Token)
                : (null, Refusal(response, await response.Content.ReadAsStringAsync(deadline.Token)));
        }
        catch (HttpRequestException exception)
        {
            return (null, exception.HttpRequestError is HttpRequestError.ConfigurationLimitExceeded
                ? "the sandbox answered with more than can be read."
                : "the sandbox (sandboxfusion) cannot be reached. Nothing was run, or its outcome is lost.");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, string.Create(CultureInfo.InvariantCulture, $"the sandbox did not answer within {limit.TotalSeconds} seconds."));
        }
    }

    private Uri Address(string path) => options.Value.Url is { } url
        ? new UriBuilder(url) { Path = $"{url.AbsolutePath.TrimEnd('/')}/{path}" }.Uri
        : new($"http://{Resource}/{path}");

    private static async Task<(SandboxAnswer? Answer, string? Failure)> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            var answer = await response.Content.ReadFromJsonAsync(SandboxJson.Default.SandboxAnswer, ct);
            return answer?.Status is null ? (null, "the sandbox answered what cannot be read.") : (answer, null);
        }
        catch (JsonException)
        {
            return (null, "the sandbox answered what cannot be read.");
        }
    }

    private static string Refusal(HttpResponseMessage response, string body) => response.StatusCode switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
            $"the sandbox refuses this server ({(int)response.StatusCode}). The operator must set McpTools:Python:ForwardCaller and give both the same CallerToken:Key.",
        HttpStatusCode.TooManyRequests => $"the sandbox is busy: {Detail(body) ?? "too many programs wait."} Try again{After(response)}.",
        HttpStatusCode.NotFound when Detail(body) is null => "the sandbox has no such route; it may be another version.",
        _ => Detail(body) ?? $"the sandbox answered {(int)response.StatusCode}.",
    };

    private static string After(HttpResponseMessage response) =>
        response.Headers.RetryAfter?.Delta is { } delta ? string.Create(CultureInfo.InvariantCulture, $" in {delta.TotalSeconds} seconds") : " later";

    /// <summary>What our envelope, or FastAPI's, says.</summary>
    private static string? Detail(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            var text = root.ValueKind is not JsonValueKind.Object ? null
                : root.TryGetProperty("error", out var error) && error.ValueKind is JsonValueKind.Object && error.TryGetProperty("message", out var message)
                    ? message.ToString()
                : root.TryGetProperty("detail", out var detail) && detail.ToString() is not "Not Found" ? $"the sandbox refuses the request: {detail}"
                : null;
            return text is { Length: > MaxDetail } ? text[..MaxDetail] : text;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
