using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Databases;
using JanServer.Testing.Identity;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Xunit;

namespace JanServer.Testing.Hosting;

/// <summary>
/// A service as it runs in production, on real Kestrel at a free port, with a database of its own and keys that
/// <see cref="TestCallers"/> and <see cref="TestIssuer"/> know. One per test class: derive, and use it as class fixture.
/// </summary>
/// <param name="connectionName">The service's connection string, such as <c>llmdb</c>; null for a service without a database.</param>
public abstract class ServiceFactory<TEntryPoint>(string? connectionName = null) : WebApplicationFactory<TEntryPoint>, IAsyncLifetime
    where TEntryPoint : class
{
    private readonly Dictionary<string, string?> _settings = new(StringComparer.OrdinalIgnoreCase);
    private TestDatabase? _database;

    /// <summary>The service's database, with its migrations applied.</summary>
    public TestDatabase Database => _database ?? throw new InvalidOperationException("This service has no database.");

    /// <summary>A configuration value, as an environment variable would give it. Set before the first client is made.</summary>
    public string? this[string key]
    {
        set => _settings[key] = value;
    }

    public virtual async Task InitializeAsync()
    {
        if (connectionName is not null)
        {
            _database = await TestDatabase.CreateAsync(typeof(TEntryPoint).Assembly);
            _settings.TryAdd($"ConnectionStrings:{connectionName}", _database.ConnectionString);
        }

        var issuer = await TestIssuer.GetAsync();
        _settings.TryAdd("CallerToken:Key", TestCallers.Key);
        _settings.TryAdd("Auth:Issuer", issuer.Issuer);
        _settings.TryAdd("Auth:Audiences:0", "account");
        UseKestrel();
    }

    /// <summary>A client without credentials.</summary>
    public HttpClient Anonymous()
    {
        // Starting is what tells ClientOptions the port; options made before it would point at port 80.
        StartServer();
        return CreateClient(new() { BaseAddress = ClientOptions.BaseAddress, AllowAutoRedirect = false, HandleCookies = false });
    }

    /// <summary>A client that the gateway vouches for.</summary>
    public HttpClient ClientFor(Caller caller) => With(CallerTokens.HeaderName, TestCallers.TokenFor(caller));

    /// <summary>A client that is another service.</summary>
    public HttpClient ClientForService(string service = "gateway") => With(CallerTokens.HeaderName, TestCallers.TokenForService(service));

    /// <summary>A client with a bearer credential: a JWT or an API key.</summary>
    public HttpClient ClientWith(string bearer) => With("Authorization", $"Bearer {bearer}");

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");

        // UseKestrel(port) sets the address while the host may already be starting; a setting is there from the beginning.
        builder.UseSetting("urls", "http://127.0.0.1:0");
        foreach (var (key, value) in _settings)
        {
            builder.UseSetting(key, value);
        }
    }

    private HttpClient With(string header, string value)
    {
        var client = Anonymous();
        client.Timeout = Eventually.Deadline;
        client.DefaultRequestHeaders.Add(header, value);
        return client;
    }
}
