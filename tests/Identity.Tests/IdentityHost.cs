using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using JanServer.Testing;
using JanServer.Testing.Databases;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JanServer.Identity.Tests;

/// <summary>The service in Production, on Kestrel and a PostgreSQL database of its own, with a clock that a test moves.</summary>
public sealed class IdentityHost : IAsyncLifetime, IAsyncDisposable
{
    public const string PublicUrl = "http://localhost:8085";
    public const string Issuer = PublicUrl + "/realms/jan";
    public const string AdminPassword = "admin-password";
    public const string BackendSecret = "backend-secret-for-tests";

    private readonly Dictionary<string, string?> _settings = [];
    private TestDatabase? _database;
    private Factory? _factory;

    public FakeClock Clock { get; } = new(DateTimeOffset.UtcNow);

    public TestDatabase Database => _database!;

    public Uri Address { get; private set; } = null!;

    public IServiceProvider Services => _factory!.Services;

    /// <summary>A setting beside those that every test has; before <see cref="InitializeAsync"/>.</summary>
    public IdentityHost With(string key, string value)
    {
        _settings[key] = value;
        return this;
    }

    public async Task InitializeAsync()
    {
        _database ??= await TestDatabase.CreateAsync(typeof(IdentityDbContext).Assembly);
        _factory = new Factory(this);
        _factory.UseKestrel(0);
        _factory.StartServer();
        Address = _factory.ClientOptions.BaseAddress;
    }

    /// <summary>The same database behind a process that starts anew.</summary>
    public async Task RestartAsync()
    {
        await _factory!.DisposeAsync();
        await InitializeAsync();
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        if (_factory is not null)
        {
            await _factory.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    /// <summary>A client that neither follows redirects nor keeps cookies.</summary>
    public HttpClient Client() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };

    /// <summary>A client that keeps cookies as a browser does.</summary>
    public HttpClient Browser() => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };

    public async Task<HttpResponseMessage> TokenAsync(string realm, params (string Name, string Value)[] form)
    {
        using var http = Client();
        using var content = new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));
        return await http.PostAsync($"/realms/{realm}/protocol/openid-connect/token", content);
    }

    public Task<HttpResponseMessage> PasswordAsync(string username, string password, string scope = "openid") =>
        TokenAsync("jan", ("grant_type", "password"), ("client_id", "jan-client"), ("username", username), ("password", password), ("scope", scope));

    public Task<HttpResponseMessage> RefreshAsync(string refreshToken, string client = "jan-client") =>
        TokenAsync("jan", ("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", refreshToken));

    public async Task<HttpClient> AdminAsync()
    {
        using var answer = await TokenAsync(
            "master", ("grant_type", "password"), ("client_id", "admin-cli"), ("username", "admin"), ("password", AdminPassword));
        return With(Client(), (await JsonAsync(answer)).GetProperty("access_token").GetString()!);
    }

    public static HttpClient With(HttpClient http, string accessToken)
    {
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return http;
    }

    /// <summary>A user of this test's own, with the password "correct horse".</summary>
    public async Task<TestUser> UserAsync(object? attributes = null)
    {
        var name = $"u{Guid.CreateVersion7():n}";
        var email = $"{name}@example.com";
        using var admin = await AdminAsync();
        using var created = await admin.PostAsJsonAsync("/admin/realms/jan/users", new
        {
            username = name,
            email,
            firstName = "Ann",
            lastName = "Other",
            enabled = true,
            emailVerified = true,
            attributes = attributes ?? new { },
            credentials = new[] { new { type = "password", value = TestUser.Password, temporary = false } },
        });
        Assert.Equal(System.Net.HttpStatusCode.Created, created.StatusCode);
        return new TestUser(Guid.Parse(created.Headers.Location!.Segments[^1]), name, email);
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>();

    public async Task<JsonElement> SignInAsync(TestUser user)
    {
        using var answer = await PasswordAsync(user.Name, TestUser.Password);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await JsonAsync(answer);
    }

    public static JsonElement ClaimsOf(string token) =>
        JsonSerializer.Deserialize<JsonElement>(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]));

    private sealed class Factory(IdentityHost host) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Production");
            builder.UseSetting("ConnectionStrings:identitydb", host.Database.ConnectionString);
            builder.UseSetting("Identity:PublicUrl", PublicUrl);
            builder.UseSetting("Identity:KeyEncryptionKey", Convert.ToBase64String(new byte[32]));
            builder.UseSetting("Identity:Admin:Password", AdminPassword);
            builder.UseSetting("Identity:Clients:backend:Secret", BackendSecret);
            builder.UseSetting("Identity:Throttle:PasswordIterations", "1000");
            builder.UseSetting("Identity:Throttle:FailuresPerMinute", "10000");
            foreach (var (key, value) in host._settings)
            {
                builder.UseSetting(key, value);
            }

            builder.ConfigureServices(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(host.Clock)));
        }
    }
}

/// <summary>A user that a test made.</summary>
public sealed record TestUser(Guid Id, string Name, string Email)
{
    public const string Password = "correct horse";
}
