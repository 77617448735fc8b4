using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace JanServer.LocalOrchestrator.Tests.Dashboard;

/// <summary>A run with its dashboard, and a browser's side of it.</summary>
internal sealed class DashboardRun : IAsyncDisposable
{
    private const string UrlKey = "LocalOrchestrator:DashboardUrl";

    private readonly IDistributedApplicationTestingBuilder _builder = TestModel.New("--LocalOrchestrator:Dashboard=true");
    private readonly List<HttpClient> _clients = [];
    private DistributedApplication? _app;

    public IDistributedApplicationBuilder Model => _builder;

    public DistributedApplication App => _app!;

    /// <summary>The link that is printed.</summary>
    public Uri Link => new(_builder.Configuration[UrlKey]!);

    public Uri Address => new(Link.GetLeftPart(UriPartial.Authority));

    public string Token => Link.Query["?t=".Length..];

    public async Task StartAsync()
    {
        _app = await _builder.BuildAsync();
        await _app.StartAsync();
    }

    /// <summary>A browser that has not logged in.</summary>
    public HttpClient NewBrowser()
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
        _clients.Add(client);
        return client;
    }

    public async Task<HttpClient> LoggedInAsync()
    {
        var browser = NewBrowser();
        using var answer = await browser.GetAsync(Link);
        answer.EnsureSuccessStatusCode();
        return browser;
    }

    /// <summary>The data of the stream's events, in order, until the stream ends.</summary>
    public static async IAsyncEnumerable<JsonElement> EventsAsync(HttpClient browser, string path)
    {
        using var answer = await browser.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead).Soon();
        answer.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync().Soon() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                yield return JsonElement.Parse(line["data: ".Length..]);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        await _builder.DisposeAsync();
    }
}
