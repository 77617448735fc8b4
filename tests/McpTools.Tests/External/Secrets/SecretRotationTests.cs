using JanServer.McpTools.External.Secrets;
using JanServer.McpTools.Tests.External.Fixtures;
using JanServer.Testing;
using JanServer.Testing.Identity;

namespace JanServer.McpTools.Tests.External.Secrets;

public sealed class SecretRotationTests
{
    [Fact]
    public async Task What_is_stored_moves_to_the_new_key_and_the_old_one_can_go()
    {
        var (first, second) = (Convert.ToBase64String(new byte[32]), Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray()));
        await using var server = await TestMcpServer.StartAsync(true, "a");
        var ann = TestCallers.User();
        var before = new ExternalService { ["ExternalServers:Encryption:Key"] = first };
        await before.InitializeAsync();
        await using var _ = before;
        using (var client = before.ClientFor(ann))
        {
            await client.RegisterAsync(new { label = "kept", url = server.Url, headers = new { Authorization = "the-key" } });
        }

        await before.ToolOf(ann, "kept_a");
        await using (var between = await ExternalService.ReplicaOfAsync(before.Database))
        {
            between["ExternalServers:Encryption:Key"] = second;
            between["ExternalServers:Encryption:KeyId"] = "2";
            between["ExternalServers:Encryption:PreviousKey"] = first;
            between["ExternalServers:Encryption:PreviousKeyId"] = "1";
            using var started = between.Anonymous();
            var output = new StringWriter();
            Assert.Equal(0, await SecretRotation.RunAsync(between.Services, output));
            Assert.StartsWith("1 rotated, 0 ", output.ToString(), StringComparison.Ordinal);
        }

        await using var after = await ExternalService.ReplicaOfAsync(before.Database);
        after["ExternalServers:Encryption:Key"] = second;
        after["ExternalServers:Encryption:KeyId"] = "2";
        server.Requests.Clear();
        Assert.Equal("called a", (await after.CallAsync(ann, "kept_a").Soon()).Text());
        Assert.All(server.Requests, request => Assert.Equal("the-key", request.Headers["Authorization"]));
    }
}
