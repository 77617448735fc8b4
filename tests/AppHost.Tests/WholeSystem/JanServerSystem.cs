using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;
using Aspire.Hosting.Testing;
using JanServer.Testing.Requirements;
using JanServer.Testing.Upstreams;

namespace JanServer.AppHost.Tests.WholeSystem;

/// <summary>The whole system, started once for all tests that share it and reached only through the gateway.</summary>
public sealed class JanServerSystem : IAsyncLifetime
{
    private const string AdminPassword = "a-password-for-tests";

    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(4);

    // What a SearXNG answers.
    private const string Found =
        """{"query":"otters","results":[{"title":"Otters hold hands","url":"https://example.com/otters","content":"While they sleep.","engine":"played"}],"unresponsive_engines":[]}""";

    private DistributedApplication? _application;
    private FakeUpstream? _search;

    public DistributedApplication Application => _application ?? throw new InvalidOperationException("The system is not started.");

    public Uri Gateway => Application.GetEndpoint("gateway");

    public async Task InitializeAsync()
    {
        // Installed before the sandbox looks for it.
        _ = SandboxRequirement.Missing;
        using var deadline = new CancellationTokenSource(StartDeadline);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.JanServer_AppHost>(
            [
                $"--Parameters:keycloak-admin-password={AdminPassword}",

                // Some tests kill PostgreSQL and look for what was stored before.
                "--LocalOrchestrator:Durable=true",
            ],
            deadline.Token);

        // All tests come from one address and make a guest each, and some ask until a service is back. The limit of guests stays.
        Configure(builder, "gateway", "Gateway__RateLimits__PerAddress__PerMinute", "0");
        Configure(builder, "gateway", "Gateway__RateLimits__PerCredential__PerMinute", "0");
        Configure(builder, "gateway", "Gateway__RateLimits__PerAnonymous__PerMinute", "0");
        Configure(builder, "gateway", "Gateway__RateLimits__GuestLogin__PerMinute", "0");
        Configure(builder, "accounts", "Guests__PerAddressPerMinute", "10000");

        // Search is the test's, a server of an administrator may be on this machine, and a killed replica is soon given up.
        _search = await FakeUpstream.StartAsync();
        _search.Always("/search", exchange => exchange.JsonAsync(Found));
        Configure(builder, "mcp-tools", "services__searxng__http__0", _search.BaseAddress.GetLeftPart(UriPartial.Authority));
        Configure(builder, "mcp-tools", "ExternalServers__AllowedHosts__0", "localhost");
        Configure(builder, "response-api", "Background__LeaseSeconds", "3");
        _application = await builder.BuildAsync(deadline.Token);
        await _application.StartAsync(deadline.Token);
        await _application.ResourceNotifications.WaitForResourceHealthyAsync("gateway", deadline.Token);
    }

    public async Task DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        if (_search is not null)
        {
            await _search.DisposeAsync();
        }
    }

    /// <summary>Ends a service's process as <c>kill -9</c> does; the orchestrator starts it again.</summary>
    public void Kill(string service)
    {
        using var process = Process.GetProcessById(
            Application.GetProcessId(service) ?? throw new InvalidOperationException($"{service} is not running."));
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>A client of the gateway that sends the credential, or none.</summary>
    public HttpClient Client(string? bearer = null)
    {
        var client = new HttpClient { BaseAddress = Gateway, Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Authorization = bearer is null ? null : new AuthenticationHeaderValue("Bearer", bearer);
        return client;
    }

    /// <summary>A new guest's access token.</summary>
    public async Task<string> GuestTokenAsync()
    {
        using var client = Client();
        var guest = await ReadAsync(await client.PostAsync(new Uri("/auth/guest-login", UriKind.Relative), null));
        return guest.GetProperty("access_token").GetString()!;
    }

    /// <summary>A new guest's API key.</summary>
    public async Task<string> ApiKeyAsync() => await ApiKeyAsync(await GuestTokenAsync());

    /// <summary>An API key of the user whose access token it is.</summary>
    public async Task<string> ApiKeyAsync(string token)
    {
        using var client = Client(token);
        var key = await ReadAsync(await client.PostAsJsonAsync("/auth/api-keys", new { name = "system test" }));
        return key.GetProperty("key").GetString()!;
    }

    /// <summary>The access token of a user of realm <c>jan</c> with the admin role, made through Keycloak's admin API.</summary>
    public async Task<string> AdminTokenAsync()
    {
        using var identity = new HttpClient { BaseAddress = Application.GetEndpoint("keycloak") };
        var master = await PasswordGrantAsync(identity, "master", "admin-cli", "admin", AdminPassword);
        identity.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", master);

        var name = $"admin-{Guid.CreateVersion7():N}";
        using var created = await identity.PostAsJsonAsync("/admin/realms/jan/users", new { username = name, email = $"{name}@example.test", enabled = true, emailVerified = true });
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var user = created.Headers.Location!.Segments[^1];
        using var password = await identity.PutAsJsonAsync(
            $"/admin/realms/jan/users/{user}/reset-password",
            new { type = "password", value = AdminPassword, temporary = false });
        Assert.True(password.IsSuccessStatusCode, await password.Content.ReadAsStringAsync());
        var role = await ReadAsync(await identity.GetAsync(new Uri("/admin/realms/jan/roles/admin", UriKind.Relative)));
        using var mapped = await identity.PostAsJsonAsync($"/admin/realms/jan/users/{user}/role-mappings/realm", new[] { role });
        Assert.True(mapped.IsSuccessStatusCode, await mapped.Content.ReadAsStringAsync());
        return await PasswordGrantAsync(identity, "jan", "jan-client", name, AdminPassword);
    }

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{answer.RequestMessage!.RequestUri} answered {(int)answer.StatusCode}: {text}");
        return JsonElement.Parse(text);
    }

    private static void Configure(IDistributedApplicationTestingBuilder builder, string project, string name, string value) =>
        builder.CreateResourceBuilder(builder.Resources.OfType<ProjectResource>().Single(resource => resource.Name == project)).WithEnvironment(name, value);

    private static async Task<string> PasswordGrantAsync(HttpClient identity, string realm, string client, string user, string password)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "password",
            ["client_id"] = client,
            ["username"] = user,
            ["password"] = password,
        });
        var tokens = await ReadAsync(await identity.PostAsync(new Uri($"/realms/{realm}/protocol/openid-connect/token", UriKind.Relative), form));
        return tokens.GetProperty("access_token").GetString()!;
    }
}

/// <summary>Tests that share one running system; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class SharedSystem : ICollectionFixture<JanServerSystem>
{
    public const string Name = "system";
}
