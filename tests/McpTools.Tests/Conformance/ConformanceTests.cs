using JanServer.Testing.Requirements;

namespace JanServer.McpTools.Tests.Conformance;

[Collection(NodePackages.Name)]
public sealed class ConformanceTests(ConformanceService service, NodePackages packages) : IClassFixture<ConformanceService>
{
    [NpmTheory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task The_suite_of_the_protocol_finds_nothing_wrong(string revision)
    {
        var project = await packages.GetAsync();

        var output = await project.RunScriptAsync("conformance.mjs", [service.Address.AbsoluteUri, revision]);

        Assert.Matches($"{revision}: [1-9][0-9]+ scenarios, [1-9][0-9]+ checks, 0 failures", output);
    }
}
