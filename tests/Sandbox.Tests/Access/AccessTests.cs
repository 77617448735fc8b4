using System.Net;
using System.Text.Json.Nodes;
using JanServer.Sandbox.Access;
using JanServer.Sandbox.Tests.Fixtures;
using JanServer.Testing.Identity;
using JanServer.Testing.Requirements;

namespace JanServer.Sandbox.Tests.Access;

public sealed class AccessTests(SandboxService service) : IClassFixture<SandboxService>
{
    private static JsonObject Program => new() { ["code"] = "print(1)", ["language"] = "python" };

    [Fact]
    public async Task With_a_key_nobody_unknown_has_code_run()
    {
        using var anonymous = new SandboxClient(service.Anonymous());
        using var forged = new SandboxClient(service.Anonymous());
        forged.Http.DefaultRequestHeaders.Add("Jan-Caller", TestCallers.TokenFor(TestCallers.User())[..^2] + "xx");

        await anonymous.PostAsync("/run_code", Program, HttpStatusCode.Unauthorized);
        await anonymous.PostAsync("/run_jupyter", new() { ["cells"] = new JsonArray("1") }, HttpStatusCode.Unauthorized);
        await forged.PostAsync("/run_code", Program, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_key_without_the_scope_is_refused()
    {
        using var client = new SandboxClient(service.ClientFor(TestCallers.User().ByApiKey("conversations")));

        await client.PostAsync("/run_code", Program, HttpStatusCode.Forbidden);
    }

    [SandboxFact]
    public async Task Users_with_the_scope_and_services_have_code_run()
    {
        using var key = new SandboxClient(service.ClientFor(TestCallers.User().ByApiKey("tools")));
        using var other = new SandboxClient(service.ClientForService("mcp-tools"));

        Assert.Equal("Success", (await key.PostAsync("/run_code", Program)).Text("status"));
        Assert.Equal("Success", (await other.PostAsync("/run_code", Program)).Text("status"));
    }

    [Fact]
    public void Owners_are_told_apart_by_user_and_project()
    {
        var ann = TestCallers.User();

        Assert.NotEqual(SandboxAccess.OwnerOf(ann), SandboxAccess.OwnerOf(TestCallers.User()));
        Assert.NotEqual(SandboxAccess.OwnerOf(ann), SandboxAccess.OwnerOf(ann with { ProjectId = TestCallers.User().ProjectId }));
        Assert.Equal(SandboxAccess.OwnerOf(ann), SandboxAccess.OwnerOf(ann.ByApiKey("tools")));
    }
}
