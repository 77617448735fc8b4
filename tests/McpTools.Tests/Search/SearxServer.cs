using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using JanServer.Testing;
using JanServer.Testing.Requirements;

namespace JanServer.McpTools.Tests.Search;

/// <summary>A real searx on the loopback with two engines: one that the test plays, and one that is down.</summary>
internal sealed class SearxServer : IAsyncDisposable
{
    public const string Program = "searx-run";

    // Where Debian keeps what the program does not find by itself.
    private const string Shared = "/usr/share/python3-searx";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jan-searx");
    private readonly Process _process;

    private SearxServer(Uri engine)
    {
        var port = FreePort();
        Address = new($"http://127.0.0.1:{port}");
        var settings = Path.Combine(_folder.FullName, "settings.yml");
        File.WriteAllText(settings, Settings(port, engine));
        var start = new ProcessStartInfo(ProgramOnPath.Find(Program)!) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SEARX_SETTINGS_PATH"] = settings;
        _process = Process.Start(start)!;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    /// <summary>Starts it with an engine that answers at <c>{engine}/api</c>.</summary>
    public static async Task<SearxServer> StartAsync(Uri engine)
    {
        var server = new SearxServer(engine);
        using var http = new HttpClient();
        await Eventually.True(async () =>
        {
            Assert.False(server._process.HasExited, "searx has ended.");
            using var answer = await http.GetAsync(new Uri(server.Address, "/stats"));
            return answer.StatusCode != HttpStatusCode.ServiceUnavailable;
        });
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Settings(int port, Uri engine) => string.Create(CultureInfo.InvariantCulture, $$"""
        general: {debug: false, instance_name: test, contact_url: false, enable_stats: false}
        brand: {git_url: "", git_branch: "", issue_url: "", docs_url: "", public_instances: "", wiki_url: "", twitter_url: ""}
        search: {safe_search: 0, autocomplete: "", default_lang: en, ban_time_on_fail: 0, max_ban_time_on_fail: 0, formats: [html, json], prefer_configured_language: false}
        server: {bind_address: 127.0.0.1, port: {{port}}, secret_key: of-a-test-only, base_url: false, image_proxy: false, limiter: false, method: GET, http_protocol_version: "1.0", default_http_headers: {X-Robots-Tag: none} }
        ui: {static_path: "{{Folder("static")}}", templates_path: "{{Folder("templates")}}", default_theme: oscar, default_locale: "", archive_today: false, autofocus: true, theme_args: {oscar_style: logicodev} }
        outgoing: {request_timeout: 5.0, useragent_suffix: "", pool_connections: 10, pool_maxsize: 5}
        locales: {en: English}
        default_doi_resolver: none
        doi_resolvers: {none: "https://doi.example/"}
        checker: {off_when_debug: true, additional_tests: {}, tests: {} }
        engines:
          - {name: played, engine: json_engine, categories: general, shortcut: pl, enable_http: true, paging: true, page_size: 1, search_url: "{{engine}}api?q={query}&page={pageno}", results_query: results, url_query: url, title_query: title, content_query: content, timeout: 5.0, disabled: false}
          - {name: down, engine: json_engine, categories: general, shortcut: dn, enable_http: true, paging: true, search_url: "http://127.0.0.1:1/api?q={query}", results_query: results, url_query: url, title_query: title, content_query: content, timeout: 2.0, disabled: false}
        """);

    private static string Folder(string name) => Directory.Exists(Path.Combine(Shared, name)) ? Path.Combine(Shared, name) : "";
}
