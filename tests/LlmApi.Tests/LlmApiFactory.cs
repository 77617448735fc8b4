using System.Text;
using JanServer.Testing;
using JanServer.Testing.Hosting;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests;

/// <summary>The service in front of one fake upstream, whose <c>fake-model</c> clients know as <c>vendor/model</c>.</summary>
public class LlmApiFactory() : ServiceFactory<Program>("llmdb")
{
    public const string Model = "vendor/model";

    private readonly List<FakeUpstream> _upstreams = [];

    public FakeUpstream Upstream => _upstreams[0];

    public override async Task InitializeAsync()
    {
        await AddUpstreamAsync(Model);
        await base.InitializeAsync();
    }

    /// <summary>Adds a fake upstream as the next provider, tried after those before it.</summary>
    public async Task<FakeUpstream> AddUpstreamAsync(params string[] models)
    {
        var upstream = await FakeUpstream.StartAsync();
        AddProvider(upstream.BaseAddress, models);
        _upstreams.Add(upstream);
        return upstream;
    }

    /// <summary>Adds a provider; without models it is asked for them.</summary>
    public void AddProvider(Uri url, params string[] models)
    {
        var n = Providers++;
        this[$"Providers:{n}:Name"] = $"fake-{n}";
        this[$"Providers:{n}:BaseUrl"] = url.ToString();
        this[$"Providers:{n}:ApiKey"] = $"upstream-key-{n}";
        this[$"Providers:{n}:Priority"] = $"{n}";
        for (var i = 0; i < models.Length; i++)
        {
            this[$"Providers:{n}:Models:{i}:Id"] = models[i];
            this[$"Providers:{n}:Models:{i}:UpstreamId"] = "fake-model";
        }
    }

    protected int Providers { get; private set; }

    /// <summary>A client of a new user.</summary>
    public HttpClient Client() => ClientFor(TestCallers.User());

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var upstream in _upstreams)
        {
            await upstream.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}

internal static class LlmApiRequests
{
    public const string Chat = """{"model":"vendor/model","messages":[{"role":"user","content":"hi"}]}""";

    public const string ChatStream = """{"model":"vendor/model","stream":true,"messages":[{"role":"user","content":"hi"}]}""";

    public static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    public static Task<HttpResponseMessage> ChatAsync(this HttpClient client, string body = Chat) =>
        client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), Json(body)).Soon();

    /// <summary>Begins to read a stream: returns when the headers are there.</summary>
    public static async Task<HttpResponseMessage> StreamAsync(
        this HttpClient client, string body = ChatStream, CancellationToken ct = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/chat/completions", UriKind.Relative)) { Content = Json(body) };
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct).Soon();
    }
}
