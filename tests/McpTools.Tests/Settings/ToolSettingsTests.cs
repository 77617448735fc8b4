using System.Text.Json;
using JanServer.McpTools.Settings;
using JanServer.McpTools.Tests.Tools;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tests.Settings;

/// <summary>Each test has a service of its own, because settings are those of the whole deployment.</summary>
public sealed class ToolSettingsTests : IAsyncLifetime
{
    private ToolService _service = null!;
    private readonly FakeTool _search = new("google_search");

    public async Task InitializeAsync() => _service = await ToolService.StartedAsync(_search, new("scrape"), new("acme_find"));

    public async Task DisposeAsync() => await ((IAsyncLifetime)_service).DisposeAsync();

    [Fact]
    public async Task A_tool_that_is_switched_off_is_neither_listed_nor_called()
    {
        Set(Tool("google_search"));

        var result = await _service.CallAsync("scrape");

        Assert.DoesNotContain("scrape", await NamesAsync());
        Assert.Contains("google_search", await NamesAsync());
        Assert.True(result.IsError);
        Assert.Equal("The tool 'scrape' cannot be used: an administrator has switched it off.", result.Text());
    }

    [Fact]
    public async Task A_tool_that_llm_api_does_not_know_stays_on()
    {
        Set(Tool("google_search"));

        Assert.Contains("acme_find", await NamesAsync());
        Assert.Equal("done", (await _service.CallAsync("acme_find")).Text());
    }

    [Fact]
    public async Task Models_are_told_what_the_administrator_says()
    {
        Set(Tool("google_search", "Searches our web."), Tool("scrape"));

        var listed = await _service.Catalogue.ListAsync(TestCallers.User(), CancellationToken.None);

        Assert.Equal("Searches our web.", listed.Single(tool => tool.Name == "google_search").Description);
    }

    [Fact]
    public async Task Models_are_told_what_the_tool_says_unless_an_administrator_does()
    {
        Set(Tool("google_search", null), Tool("scrape", ""));

        var listed = await _service.Catalogue.ListAsync(TestCallers.User(), CancellationToken.None);

        Assert.All(listed, tool => Assert.Equal("Ours.", tool.Description));
    }

    [Fact]
    public async Task All_tools_work_while_llm_api_was_never_reached()
    {
        Assert.Contains("scrape", await NamesAsync());
        Assert.Equal("done", (await _service.CallAsync("scrape")).Text());
    }

    [Fact]
    public async Task Settings_are_asked_again_after_their_time_and_stay_valid_while_llm_api_is_away()
    {
        Set(Tool("google_search"));
        Assert.DoesNotContain("scrape", await NamesAsync());
        Assert.Single(Asked);

        Set(Tool("google_search"), Tool("scrape"));
        Assert.DoesNotContain("scrape", await NamesAsync());
        Assert.Single(Asked);

        _service.Clock.Advance(SettingsCache.Lifetime);
        Assert.Contains("scrape", await NamesAsync());

        _service.LlmApi.Always(ToolService.SettingsPath, exchange => exchange.ErrorAsync(500, "internal_error", "Gone."));
        _service.Clock.Advance(SettingsCache.Lifetime);
        Assert.Contains("google_search", await NamesAsync());

        Set(Tool("scrape"));
        _service.Clock.Advance(SettingsCache.Pause);
        Assert.DoesNotContain("google_search", await NamesAsync());
    }

    [Fact]
    public async Task Many_callers_ask_llm_api_once()
    {
        var answer = new TaskCompletionSource();
        _service.LlmApi.Always(ToolService.SettingsPath, async exchange =>
        {
            await answer.Task;
            await exchange.JsonAsync(Body(Tool("google_search")));
        });

        var lists = Enumerable.Range(0, 20).Select(_ => NamesAsync()).ToList();
        await Eventually.True(() => Asked.Count > 0);
        answer.SetResult();

        Assert.All(await Task.WhenAll(lists).Soon(), names => Assert.DoesNotContain("scrape", names));
        Assert.Single(Asked);
    }

    [Fact]
    public async Task The_question_is_asked_by_the_service_itself()
    {
        Set(Tool("google_search"));

        await NamesAsync();

        Assert.NotNull(Assert.Single(Asked).Header(CallerTokens.HeaderName));
    }

    [Fact]
    public async Task What_is_disallowed_is_not_in_results()
    {
        Set(Tool("google_search", disallowed: ["(?i)acme", "(", "x(?=y)"]));
        _search.OnCall = (_, _) => Task.FromResult(new CallToolResult { Content = [new TextContentBlock { Text = "one\n\nfrom ACME\n\ntwo" }] });

        Assert.Equal("one\n\ntwo", (await _service.CallAsync("google_search")).Text());
    }

    [Fact]
    public async Task What_the_deployment_disallows_is_in_no_tools_results()
    {
        await using var service = new ToolService { ["McpTools:DisallowedKeywords:0"] = "(?i)acme" };
        service.Add(new("acme_find")).OnCall = (_, _) => Task.FromResult(FakeTool.Text("one\nfrom Acme"));
        await service.InitializeAsync();
        service.Start();

        Assert.Equal("one", (await service.CallAsync("acme_find")).Text());
    }

    [Fact]
    public async Task A_deployment_that_disallows_what_is_no_expression_does_not_start()
    {
        await using var service = new ToolService { ["McpTools:DisallowedKeywords:0"] = "(" };
        await service.InitializeAsync();

        Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(service.Start);
    }

    private List<RecordedRequest> Asked => [.. _service.LlmApi.Requests.Where(request => request.Path == ToolService.SettingsPath)];

    private static object Tool(string key, string? description = null, string[]? disallowed = null) => new
    {
        tool_key = key,
        name = key,
        description,
        category = "search",
        disallowed_keywords = disallowed ?? [],
        updated_at = DateTimeOffset.UnixEpoch,
    };

    private static string Body(params object[] tools) => JsonSerializer.Serialize(new { data = tools });

    private void Set(params object[] tools) => _service.LlmApi.Always(ToolService.SettingsPath, exchange => exchange.JsonAsync(Body(tools)));

    private async Task<List<string>> NamesAsync() =>
        [.. (await _service.Catalogue.ListAsync(TestCallers.User(), CancellationToken.None).AsTask().Soon()).Select(tool => tool.Name)];
}
