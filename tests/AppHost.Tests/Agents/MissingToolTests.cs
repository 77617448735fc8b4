using System.Net.Http.Headers;
using Aspire.Hosting.Local;
using JanServer.AppHost.Tests.WholeSystem;
using JanServer.Testing;

namespace JanServer.AppHost.Tests.Agents;

/// <summary>A deployment with neither a search engine nor a sandbox says which tool could not be used and why.</summary>
[Collection(SharedSystem.Name)]
public sealed class MissingToolTests(JanServerSystem system)
{
    [Fact]
    public async Task An_answer_says_which_tool_could_not_be_used_and_why()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        await using var tools = await Replica.StartAsync(
            system.Application.GetProcessId("mcp-tools")!.Value, Without("services__searxng__http__0", "services__sandboxfusion__http__0"));
        await using var responses = await Replica.StartAsync(
            system.Application.GetProcessId("response-api")!.Value, ("services__mcp-tools__http__0", tools.Address.AbsoluteUri));
        using var user = new HttpClient { BaseAddress = responses.Address, Timeout = Eventually.Deadline };
        user.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await system.GuestTokenAsync());

        var response = await AgentTests.CreateAsync(user, new
        {
            model = "jan-demo",
            input = "Search the web for otters, then run python ```print(6 * 7)```",
            tools = new object[] { new { type = "web_search" }, new { type = "code_interpreter", container = new { type = "auto" } } },
        });

        Assert.Equal("completed", response.GetProperty("status").GetString());
        var text = AgentTests.TextOf(response);
        Assert.Contains("google_search", text, StringComparison.Ordinal);
        Assert.Contains("no search provider is configured", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("python_exec", text, StringComparison.Ordinal);
        Assert.Contains("no sandbox is configured", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("42", text, StringComparison.Ordinal);
        Assert.All(
            response.GetProperty("tool_executions").EnumerateArray(),
            execution => Assert.Equal("failed", execution.GetProperty("status").GetString()));
    }

    private static (string Name, string? Value)[] Without(params string[] variables) => [.. variables.Select(name => (name, (string?)null))];
}
