using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace JanServer.Benchmarks.Load.Peers;

/// <summary>The whole path: gateway and llm-api, authenticated by an API key, routed, limited and metered, on the local stack.</summary>
internal static class JanServerPeer
{
    private const int Port = 8000;

    public static async Task<Peer> StartAsync(Launcher launcher, CancellationToken ct)
    {
        launcher.Start(
            "dotnet",
            ["run", "--project", Path.Combine(launcher.Repository, "JanServer.AppHost"), "-c", "Release", "--no-build", "--no-launch-profile"],
            ("DOTNET_ENVIRONMENT", "Production"),
            ("ASPNETCORE_ENVIRONMENT", "Production"),
            ("Providers__0__Name", "mock"),
            ("Providers__0__BaseUrl", "http://127.0.0.1:27000/v1"),
            ("EngineDiscovery__Enabled", "false"),
            ("Gateway__RateLimits__PerCredential__PerMinute", "100000000"),
            ("Gateway__RateLimits__PerGuest__PerMinute", "100000000"),
            ("Gateway__RateLimits__PerAddress__PerMinute", "100000000"));
        var gateway = new Uri($"http://127.0.0.1:{Port}");
        await Launcher.WaitForAsync(new(gateway, "/readyz"), ct);
        var key = await MakeKeyAsync(gateway, ct);
        var conversations = await MakeConversationsAsync(gateway, key, ct);
        return new(
            "JanServer (gateway + llm-api)",
            new(new(System.Net.IPAddress.Loopback, Port), key) { Conversations = conversations },
            [.. Launcher.Find("JanServer.Gateway.dll"), .. Launcher.Find("JanServer.LlmApi.dll")],
            Launcher.Find("postgres"));
    }

    private static async Task<string> MakeKeyAsync(Uri gateway, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = gateway };
        var guest = await ReadAsync(await http.PostAsync(new Uri("/auth/guest-login", UriKind.Relative), null, ct), ct);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", guest.GetProperty("access_token").GetString());
        var key = await ReadAsync(await http.PostAsJsonAsync("/auth/api-keys", new { name = "benchmark" }, ct), ct);
        return key.GetProperty("key").GetString()!;
    }

    // As many as there are connections, so that turns do not wait for each other's conversation.
    private static async Task<IReadOnlyList<string>> MakeConversationsAsync(Uri gateway, string key, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = gateway };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var ids = new List<string>();
        for (var i = 0; i < 32; i++)
        {
            ids.Add((await ReadAsync(await http.PostAsJsonAsync("/v1/conversations", new { }, ct), ct)).GetProperty("id").GetString()!);
        }

        return ids;
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        var text = await answer.Content.ReadAsStringAsync(ct);
        return answer.IsSuccessStatusCode
            ? JsonElement.Parse(text)
            : throw new InvalidOperationException($"{answer.RequestMessage!.RequestUri} answered {(int)answer.StatusCode}: {text}");
    }
}
