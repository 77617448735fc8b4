using JanServer.Contracts.Ids;
using JanServer.Contracts.Media;

namespace JanServer.ResponseApi.Tests.Tools;

public sealed class ImageAndMemoryTests
{
    private const string Schema = """{"prompt":{"type":"string"},"n":{"type":"integer"},"size":{"type":"string"},"model":{"type":"string"}}""";

    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 1, 2, 3];

    [Fact]
    public async Task An_image_is_shown_in_base64()
    {
        await using var mcp = (await FakeMcpTools.StartAsync()).With(
            "generate_image", _ => FakeMcpTools.Structured($$"""{"data":[{"b64_json":"{{Convert.ToBase64String(Png)}}","revised_prompt":"a blue square, really"}]}"""), Schema);
        await using var host = ToolHost.For(mcp);
        var response = host.Ask("""
            "tools":[{"type":"image_generation","model":"gpt-image-1","size":"512x512","quality":"auto"}]
            """);
        var (outcome, shown) = await (await host.ToolsAsync(response)).CallAsync(response, "generate_image", """{"prompt":"a blue square"}""");
        Assert.Equal(["added", "image_generation_call.in_progress", "image_generation_call.generating", "image_generation_call.completed"], shown.Events);
        Assert.Equal("""{"prompt":"a blue square","n":1,"size":"512x512"}""", mcp.OnlyCall().ToJsonString());
        Assert.Equal(Convert.ToBase64String(Png), outcome.Item.Text("result"));
        Assert.Equal("png", outcome.Item.Text("output_format"));
        Assert.Equal("a blue square, really", outcome.Item.Text("revised_prompt"));
        Assert.DoesNotContain(Convert.ToBase64String(Png), outcome.ModelText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_is_stored_is_read_for_the_caller()
    {
        var id = Id<MediaRef>.New(TimeProvider.System);
        await using var mcp = (await FakeMcpTools.StartAsync()).With(
            "generate_image", _ => FakeMcpTools.Structured($$"""{"data":[{"id":"{{id}}","url":"https://media.example/x"}]}"""), Schema);
        mcp.Upstream.Next($"/v1/media/{id}/content", exchange => exchange.BytesAsync(Png, "image/png"));
        await using var host = ToolHost.For(mcp);
        var response = host.Ask("""
            "tools":[{"type":"image_generation"}]
            """);
        var tools = await host.ToolsAsync(response);
        var (outcome, _) = await tools.CallAsync(response, "generate_image", """{"prompt":"a blue square"}""");
        Assert.Equal(Convert.ToBase64String(Png), outcome.Item.Text("result"));

        mcp.Upstream.Next($"/v1/media/{id}/content", exchange => exchange.ErrorAsync(404, "not_found", "gone"));
        var (lost, shown) = await tools.CallAsync(response, "generate_image", """{"prompt":"a blue square"}""", "call_2");
        Assert.Equal("failed", lost.Item.Text("status"));
        Assert.DoesNotContain("image_generation_call.completed", shown.Events);
    }

    [Fact]
    public async Task Memories_are_recalled_as_an_mcp_call()
    {
        await using var mcp = (await FakeMcpTools.StartAsync()).With(
            "memory_retrieve", _ => FakeMcpTools.Text("Ann likes tea."), """{"query":{"type":"string"},"user_id":{"type":"string"},"project_id":{"type":"string"}}""");
        await using var host = ToolHost.For(mcp);
        var response = host.Ask("""
            "tools":[{"type":"memory"}]
            """);
        var tools = await host.ToolsAsync(response);
        Assert.Equal(["query"], tools.Bindings["memory_retrieve"].Function.Parameters.GetProperty("properties").EnumerateObject().Select(one => one.Name));
        var (outcome, _) = await tools.CallAsync(response, "memory_retrieve", """{"query":"tea"}""");
        Assert.Equal("Ann likes tea.", outcome.ModelText);
        Assert.Equal("mcp_call", outcome.Item.Text("type"));
        Assert.Equal("memory", outcome.Item.Text("server_label"));
        Assert.Empty(tools.Opening);
    }
}
