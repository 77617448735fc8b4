using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using JanServer.Contracts.Accounts;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.Testing;
using JanServer.Testing.Hosting;
using JanServer.Testing.Streams;
using JanServer.Testing.Upstreams;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.ResponseApi.Tests.Fixtures;

/// <summary>response-api with a database of its own; llm-api is a fake that speaks the wire. A second host may share the database.</summary>
public sealed class ResponseService : ServiceFactory<Program>
{
    private readonly bool _ownsUpstream;
    private Action<IServiceCollection>? _services;

    public ResponseService()
        : this("responsedb") => _ownsUpstream = true;

    private ResponseService(string? connectionName)
        : base(connectionName)
    {
        this["Webhooks:Encryption:Key"] = EncryptionKey;
        this["Webhooks:PollSeconds"] = "0.2";
        this["Background:PollSeconds"] = "0.2";
        this["Background:LeaseSeconds"] = "20";
        this["Chat:Backoff"] = "00:00:00.005";
        this["services:mcp-tools:http:0"] = "http://127.0.0.1:9";
        this["services:media-api:http:0"] = "http://127.0.0.1:9";
    }

    /// <summary>The same for all hosts of a test process.</summary>
    public static string EncryptionKey { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public FakeUpstream Llm { get; private set; } = null!;

    /// <summary>accounts, which knows every user unless a test says otherwise.</summary>
    public FakeUpstream Accounts { get; private set; } = null!;

    /// <summary>The route by which accounts is asked whether a user may still be worked for.</summary>
    public const string FindPrincipalRoute = "/internal/principals/find";

    /// <summary>Replaces services of the host.</summary>
    public ResponseService With(Action<IServiceCollection> services)
    {
        _services += services;
        return this;
    }

    public static async Task<ResponseService> StartAsync(params (string Key, string Value)[] settings)
    {
        var service = new ResponseService();
        service.Set(settings);
        await service.InitializeAsync();
        return service;
    }

    /// <summary>Another replica: the same database, the same llm-api.</summary>
    public async Task<ResponseService> ReplicaAsync(params (string Key, string Value)[] settings)
    {
        var replica = new ResponseService(connectionName: null) { Llm = Llm, Accounts = Accounts };
        replica["ConnectionStrings:responsedb"] = Database.ConnectionString;
        replica.Set(settings);
        await replica.InitializeAsync();
        return replica;
    }

    public override async Task InitializeAsync()
    {
        Llm ??= await FakeUpstream.StartAsync();
        if (Accounts is null)
        {
            Accounts = await FakeUpstream.StartAsync();
            Accounts.Always(FindPrincipalRoute, KnowAsync);
        }

        this["services:accounts:http:0"] = Accounts.BaseAddress.GetLeftPart(UriPartial.Authority);
        this["services:llm-api:http:0"] = Llm.BaseAddress.GetLeftPart(UriPartial.Authority);
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_ownsUpstream && Llm is not null)
        {
            await Llm.DisposeAsync();
        }

        if (_ownsUpstream && Accounts is not null)
        {
            await Accounts.DisposeAsync();
        }
    }

    /// <summary>Answers that the user is known and enabled.</summary>
    public static Task KnowAsync(FakeExchange exchange)
    {
        var wanted = JsonSerializer.Deserialize(exchange.Request.Body, AccountsJson.Default.FindPrincipal)!;
        var (organization, project) = (Id<OrganizationRef>.New(TimeProvider.System), Id<ProjectRef>.New(TimeProvider.System));
        var principal = new Principal(wanted.UserId, organization, project, wanted.ApiKeyId, "subject", null, null, null, [], ["all"], null, null);
        return exchange.JsonAsync(JsonSerializer.Serialize(principal, AccountsJson.Default.Principal));
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services => _services?.Invoke(services));
    }

    private void Set((string Key, string Value)[] settings)
    {
        foreach (var (key, value) in settings)
        {
            this[key] = value;
        }
    }
}

internal static class ResponseRequests
{
    public static async Task<JsonElement> JsonAsync(this Task<HttpResponseMessage> answer, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var response = await answer.Soon();
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{response.StatusCode}: {text}");
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>The error, which must name <paramref name="param"/>.</summary>
    public static async Task<JsonElement> ErrorAsync(this Task<HttpResponseMessage> answer, HttpStatusCode status, string? param = null)
    {
        var error = (await answer.JsonAsync(status)).GetProperty("error");
        Assert.Equal(param, error.GetProperty("param").GetString());
        return error;
    }

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    public static Task<HttpResponseMessage> SendAsync(this HttpClient client, string path, object body, HttpMethod? method = null) =>
        client.SendAsync(new HttpRequestMessage(method ?? HttpMethod.Post, new Uri(path, UriKind.Relative))
        {
            Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"),
        });

    public static Task<HttpResponseMessage> RespondAsync(this HttpClient client, object body) => client.SendAsync("/v1/responses", body);

    public static Task<HttpResponseMessage> AskAsync(this HttpClient client, string path) => client.GetAsync(new Uri(path, UriKind.Relative));

    public static Task<HttpResponseMessage> DropAsync(this HttpClient client, string path) => client.DeleteAsync(new Uri(path, UriKind.Relative));

    public static Task<HttpResponseMessage> PokeAsync(this HttpClient client, string path) => client.PostAsync(new Uri(path, UriKind.Relative), null);

    /// <summary>Opens a stream; its headers have been read.</summary>
    public static async Task<SseReader> StreamAsync(this HttpClient client, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/responses", UriKind.Relative))
        {
            Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"),
        };
        return await OpenAsync(client, request);
    }

    public static Task<SseReader> StreamAsync(this HttpClient client, string path) =>
        OpenAsync(client, new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative)));

    /// <summary>Waits until the response has a status, and returns it.</summary>
    public static async Task<JsonElement> BecomesAsync(this HttpClient client, string id, string status)
    {
        JsonElement found = default;
        await Eventually.Succeeds(async () =>
        {
            found = await client.AskAsync($"/v1/responses/{id}").JsonAsync();
            Assert.Equal(status, found.Text("status"));
        });
        return found;
    }

    /// <summary>The text of the answer.</summary>
    public static string OutputText(this JsonElement response) => string.Concat(
        from item in response.GetProperty("output").EnumerateArray()
        where item.Text("type") == "message"
        from part in item.GetProperty("content").EnumerateArray()
        select part.Text("text"));

    private static async Task<SseReader> OpenAsync(HttpClient client, HttpRequestMessage request)
    {
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Soon();
        Assert.True(response.StatusCode == HttpStatusCode.OK, response.StatusCode.ToString());
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return await SseReader.OpenAsync(response);
    }
}
