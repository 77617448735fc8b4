using System.Text.Json.Nodes;
using JanServer.McpTools.Protocol.Signals;
using JanServer.McpTools.Tests.Protocol;
using JanServer.McpTools.Tools;
using JanServer.Testing.Identity;
using JanServer.Testing.Requirements;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tests.Conformance;

/// <summary>MCP's TypeScript clients, unchanged, as the gateway vouches for their user.</summary>
[Collection(NodePackages.Name)]
public sealed class TypeScriptClientTests(ProtocolService service, NodePackages packages) : IClassFixture<ProtocolService>
{
    [NpmTheory]
    [InlineData("v2", "2026-07-28", false)]
    [InlineData("v2", "auto", false)]
    [InlineData("v2", "legacy", true)]
    [InlineData("v1", "legacy", true)]
    public async Task A_program_lists_and_calls_tools_and_hears_of_changes(string sdk, string mode, bool hasSession)
    {
        AddTools();
        using var client = service.Anonymous();
        var project = await packages.GetAsync();

        var output = await project.RunScriptAsync(
            "client.mjs",
            [new Uri(client.BaseAddress!, "/v1/mcp").AbsoluteUri, sdk, mode],
            ("JAN_CALLER", TestCallers.TokenFor(TestCallers.User())));

        var saw = JsonNode.Parse(output)!;
        Assert.Equal("janserver", (string)saw["server"]!);
        Assert.Equal(hasSession, (bool)saw["session"]!);
        Assert.Contains("echo", saw["tools"]!.AsArray().Select(tool => (string)tool!));
        Assert.Equal("ü", (string)saw["echoed"]!["text"]!);
        Assert.Equal([1, 2, 3], saw["progress"]!.AsArray().Select(done => (int)done!));
        Assert.Equal("Your name?", (string)saw["question"]!);
        Assert.Equal("Ann", (string)saw["asked"]!["content"]!["name"]!);
        Assert.True((bool)saw["failed"]!);
        Assert.True((bool)saw["prompt"]!);
        Assert.True((bool)saw["guide"]!);
        Assert.Equal(-32602, (int)saw["unknown"]!);
        Assert.True((bool)saw["heard"]!);
    }

    private void AddTools()
    {
        var changes = service.Services.GetRequiredService<IListChanges>();
        service.Tools.Add("touch", async (call, ct) =>
        {
            await changes.ToolsChangedAsync(call.Caller.UserId, ct);
            return ToolResults.Of(call.Arguments);
        });
        service.Tools.Add("asks", (call, _) => call.Client!.Answers.TryGetValue("name", out var answer)
            ? new(ToolResults.Of(answer.RawValue))
            : throw new InputRequiredException(new Dictionary<string, InputRequest>
            {
                ["name"] = InputTools.Elicitation("Your name?", """{"name":{"type":"string"}}""", "name"),
            }));
    }
}
