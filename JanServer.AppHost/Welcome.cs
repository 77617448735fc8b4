using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace JanServer.AppHost;

/// <summary>What a person sees first: that it is ready, where, and a request that works.</summary>
internal static class Welcome
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static IResourceBuilder<ProjectResource> WithWelcome(this IResourceBuilder<ProjectResource> gateway) =>
        string.Equals(gateway.ApplicationBuilder.Configuration["LocalOrchestrator:Quiet"], "true", StringComparison.OrdinalIgnoreCase)
            ? gateway
            : gateway.OnResourceReady(async (_, _, ct) => await SayAsync(
                gateway.GetEndpoint("http").Url, gateway.ApplicationBuilder.Configuration["LocalOrchestrator:DashboardUrl"], ct));

    private static async Task SayAsync(string url, string? dashboard, CancellationToken ct)
    {
        var seconds = (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        var (token, problem) = await GuestTokenAsync(url, ct);
        await Console.Out.WriteLineAsync(
            $"""

            JanServer is ready after {seconds} s.

              OpenAI base URL   {url}/v1
              API documentation {url}/api/swagger
              Dashboard         {dashboard ?? "none in this run"}

            """);
        await Console.Out.WriteLineAsync(token is null
            ? $"  A guest could not sign in at {url}/auth/guest-login: {problem}. The log of accounts tells more: .jan/logs/accounts.log"
            : $$"""
              A guest token to try it with, and a chat:

              export JAN_TOKEN={{token}}
              curl -N {{url}}/v1/chat/completions -H "Authorization: Bearer $JAN_TOKEN" -H "Content-Type: application/json" \
                -d '{"model":"jan-demo","stream":true,"messages":[{"role":"user","content":"Hello! What are you?"}]}'

            Ctrl+C stops everything.

            """);
    }

    /// <returns>The token, or why there is none.</returns>
    private static async Task<(string? Token, string? Problem)> GuestTokenAsync(string url, CancellationToken ct)
    {
        using var http = new HttpClient { Timeout = Patience };
        try
        {
            using var response = await http.PostAsync(new Uri(url + "/auth/guest-login"), JsonContent.Create(new { }), ct);
            var body = await response.Content.ReadAsStringAsync(ct);
            if (!response.IsSuccessStatusCode)
            {
                return (null, $"status {(int)response.StatusCode}");
            }

            using var document = JsonDocument.Parse(body);
            return document.RootElement.TryGetProperty("access_token", out var token)
                ? (token.GetString(), null)
                : (null, "no access_token in the answer");
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException
            || (exception is TaskCanceledException && !ct.IsCancellationRequested))
        {
            return (null, exception.Message);
        }
    }
}
