using System.Collections.Concurrent;
using System.Text.Json;
using JanServer.Contracts.Accounts;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Hosting;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;

namespace JanServer.Gateway.Tests;

/// <summary>The gateway on real Kestrel, in front of a scripted llm-api and an accounts that knows the keys a test gives it.</summary>
public class GatewayFactory : ServiceFactory<Program>
{
    private readonly ConcurrentDictionary<string, Principal> _keys = new();

    public FakeUpstream LlmApi { get; private set; } = null!;

    public FakeUpstream Accounts { get; private set; } = null!;

    /// <summary>While true, accounts answers 503 to everything.</summary>
    public bool AccountsIsDown { get; set; }

    /// <summary>A gateway for one test that configures it in its own way.</summary>
    public static async Task<GatewayFactory> NewAsync()
    {
        var gateway = new GatewayFactory();
        await gateway.InitializeAsync();
        return gateway;
    }

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        LlmApi = await FakeUpstream.StartAsync();
        Accounts = await FakeUpstream.StartAsync();
        this["services:llm-api:http:0"] = Root(LlmApi);
        this["services:accounts:http:0"] = Root(Accounts);
        this["OTEL_SERVICE_NAME"] = "gateway";
        LlmApi.Always("/readyz", exchange => exchange.JsonAsync("{}"));
        Accounts.Always("/readyz", exchange => exchange.JsonAsync("{}"));
        Accounts.Always("/internal/api-keys/verify", VerifyAsync);
        Accounts.Always("/internal/principals/resolve", ResolveAsync);
    }

    /// <summary>Makes an API key of a new user and returns it.</summary>
    public string NewKey(Caller? caller = null)
    {
        caller ??= TestCallers.User().ByApiKey(Scopes.All);
        var key = "sk_live_" + Convert.ToHexStringLower(Guid.CreateVersion7().ToByteArray()) + "0123456789abcdef";
        _keys[HashOf(key)] = PrincipalOf(caller);
        return key;
    }

    public void Revoke(string key) => _keys.TryRemove(HashOf(key), out _);

    /// <summary>How often accounts was asked about this key.</summary>
    public int QuestionsAbout(string key) =>
        Accounts.Requests.Count(request => request.Path == "/internal/api-keys/verify" && request.Text.Contains(HashOf(key), StringComparison.Ordinal));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (LlmApi is not null)
        {
            await LlmApi.DisposeAsync();
            await Accounts.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    internal static string Root(FakeUpstream upstream) => new Uri(upstream.BaseAddress, "/").AbsoluteUri;

    private static string HashOf(string key) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)));

    private static Principal PrincipalOf(Caller caller) => new(
        caller.UserId,
        caller.OrganizationId,
        caller.ProjectId,
        caller.ApiKeyId,
        caller.Subject,
        caller.Username,
        caller.Email,
        caller.Name,
        [.. caller.Roles],
        [.. caller.Scopes],
        caller.Models,
        null);

    private Task VerifyAsync(FakeExchange exchange)
    {
        if (AccountsIsDown || !IsGateway(exchange))
        {
            return exchange.ErrorAsync(AccountsIsDown ? 503 : 403, "test", "test");
        }

        var hash = exchange.Request.Json["hash"]!.GetValue<string>();
        return _keys.TryGetValue(hash, out var principal)
            ? exchange.JsonAsync(JsonSerializer.Serialize(principal, AccountsJson.Default.Principal))
            : exchange.ErrorAsync(404, "not_found", "no such key");
    }

    private Task ResolveAsync(FakeExchange exchange)
    {
        if (AccountsIsDown || !IsGateway(exchange))
        {
            return exchange.ErrorAsync(AccountsIsDown ? 503 : 403, "test", "test");
        }

        var subject = JsonSerializer.Deserialize(exchange.Request.Text, AccountsJson.Default.ResolvePrincipal)!;
        var caller = TestCallers.User() with
        {
            Subject = subject.Subject,
            Roles = subject.Roles.ToHashSet(),
            Username = subject.Username,
        };
        return exchange.JsonAsync(JsonSerializer.Serialize(PrincipalOf(caller), AccountsJson.Default.Principal));
    }

    private static bool IsGateway(FakeExchange exchange) =>
        Callers.Of(exchange.Request) is { Method: AuthMethod.Service, Subject: "service:gateway" };
}
