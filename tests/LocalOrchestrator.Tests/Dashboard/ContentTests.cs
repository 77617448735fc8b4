using System.Net;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.Local;
using JanServer.LocalOrchestrator.Tests.Running;

namespace JanServer.LocalOrchestrator.Tests.Dashboard;

public sealed class ContentTests : IAsyncLifetime, IAsyncDisposable
{
    private const string Secret = "a+secret/with=signs";

    private readonly DashboardRun _run = new();
    private readonly TemporaryFolder _folder = new();

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _run.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_resource_shows_its_state_and_what_it_waits_for()
    {
        var first = _run.Model.AddShell("first", "sleep 1000");
        _run.Model.AddShell("second", "sleep 1000").WaitFor(first);
        _run.Model.AddContainer("elsewhere", "some/image");
        await _run.StartAsync();
        await _run.App.ResourceNotifications.WaitForResourceHealthyAsync("second").Soon();
        var browser = await _run.LoggedInAsync();

        var resources = JsonElement.Parse(await browser.GetStringAsync(new Uri("/api/resources", UriKind.Relative))).EnumerateArray().ToArray();
        var second = resources.Single(r => Text(r, "name") == "second");

        Assert.Equal(("Running", "Healthy", "Executable"), (Text(second, "state"), Text(second, "health"), Text(second, "type")));
        Assert.Equal(_run.App.GetProcessId("second"), second.GetProperty("processId").GetInt32());
        Assert.Equal("first", Text(Assert.Single(second.GetProperty("dependencies").EnumerateArray()), "name"));
        Assert.True(resources.Single(r => Text(r, "name") == "elsewhere").GetProperty("isSkipped").GetBoolean());
    }

    [Fact]
    public async Task A_change_of_state_is_told_while_it_happens()
    {
        _run.Model.AddShell("program", $"while [ ! -e {_folder["go"]} ]; do sleep 0.05; done; exit 3");
        await _run.StartAsync();
        var browser = await _run.LoggedInAsync();

        List<int> restarts = [];
        await foreach (var changes in DashboardRun.EventsAsync(browser, "/api/resources/events"))
        {
            var program = changes.EnumerateArray().Single(r => Text(r, "name") == "program");
            restarts.Add(program.GetProperty("restarts").GetInt32());
            if (restarts[^1] > 0)
            {
                break;
            }

            await File.WriteAllTextAsync(_folder["go"], "");
        }

        Assert.Equal(0, restarts[0]);
        Assert.True(restarts[^1] > 0, "The stream ended before the program's end was told.");
    }

    [Fact]
    public async Task A_log_begins_with_what_was_said_before_and_goes_on_with_what_is_said_then()
    {
        _run.Model.AddShell(
            "program", $@"printf '\033[32mbefore\033[0m\n'; while [ ! -e {_folder["go"]} ]; do sleep 0.05; done; echo after >&2; sleep 1000");
        _run.Model.AddShell("other", "echo from the other; sleep 1000");
        await _run.StartAsync();
        await Eventually.True(() => _run.App.GetLogs("program").Count > 0);
        var browser = await _run.LoggedInAsync();

        List<(string Text, bool IsError, long Number)> lines = [];
        await foreach (var batch in DashboardRun.EventsAsync(browser, "/api/logs/events?resource=program"))
        {
            lines.AddRange(batch.EnumerateArray().Select(l =>
                (Text(l, "text"), l.GetProperty("isError").GetBoolean(), l.GetProperty("number").GetInt64())));
            if (lines.Count >= 2)
            {
                break;
            }

            await File.WriteAllTextAsync(_folder["go"], "");
        }

        Assert.Equal([("before", false, 1), ("after", true, 2)], lines);
    }

    [Fact]
    public async Task All_logs_come_as_one()
    {
        _run.Model.AddShell("one", "echo from one; sleep 1000");
        _run.Model.AddShell("two", "echo from two; sleep 1000");
        await _run.StartAsync();
        var browser = await _run.LoggedInAsync();

        HashSet<string> seen = [];
        await foreach (var batch in DashboardRun.EventsAsync(browser, "/api/logs/events"))
        {
            seen.UnionWith(batch.EnumerateArray().Select(l => $"{Text(l, "resource")}: {Text(l, "text")}"));
            if (seen.Count == 2)
            {
                break;
            }
        }

        Assert.Equal(["one: from one", "two: from two"], seen.Order());
    }

    [Fact]
    public async Task The_environment_is_shown_without_its_secrets()
    {
        var parameter = _run.Model.AddParameter("anything", Secret, secret: true);
        _run.Model.AddShell("program", "sleep 1000")
            .WithEnvironment("PLAIN", "visible")
            .WithEnvironment("API_KEY", "named-like-one")
            .WithEnvironment("INSIDE", $"https://host/?q={parameter}&r=1")
            .WithEnvironment("ADDRESS", "redis://user:hidden-by-place@host:1/0")
            .WithEnvironment("STORE", "Host=db;Password=hidden-by-name;Port=1");
        await _run.StartAsync();
        var browser = await _run.LoggedInAsync();

        var text = await browser.GetStringAsync(new Uri("/api/resources/program", UriKind.Relative));
        var variables = JsonElement.Parse(text).GetProperty("environment").EnumerateArray()
            .ToDictionary(v => Text(v, "name"), v => (Text(v, "value"), v.GetProperty("isMasked").GetBoolean()));

        Assert.Equal(("visible", false), variables["PLAIN"]);
        Assert.Equal(("••••••", true), variables["API_KEY"]);
        Assert.Equal(("https://host/?q=••••••&r=1", true), variables["INSIDE"]);
        Assert.Equal(("redis://user:••••••@host:1/0", true), variables["ADDRESS"]);
        Assert.Equal(("Host=db;Password=••••••;Port=1", true), variables["STORE"]);
        Assert.All(
            [Secret, Uri.EscapeDataString(Secret), "named-like-one", "hidden-by-place", "hidden-by-name"],
            secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_does_not_exist_is_not_found()
    {
        await _run.StartAsync();
        var browser = await _run.LoggedInAsync();

        foreach (var path in (string[])["/api/resources/nobody", "/api/logs/events?resource=nobody", "/api/nothing"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(new Uri(path, UriKind.Relative))).StatusCode);
        }
    }

    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetString()!;
}
