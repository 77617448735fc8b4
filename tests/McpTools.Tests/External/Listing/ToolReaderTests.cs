using System.Text.Json.Nodes;
using JanServer.McpTools.External.Listing;

namespace JanServer.McpTools.Tests.External.Listing;

public sealed class ToolReaderTests
{
    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"name":7}""")]
    [InlineData("""{"name":""}""")]
    [InlineData("""{"name":null,"inputSchema":{"type":"object"}}""")]
    public void What_cannot_be_called_is_left_out(string json) => Assert.Null(ToolReader.Read(JsonNode.Parse(json)));

    [Theory]
    [InlineData("""{"name":"a"}""")]
    [InlineData("""{"name":"a","inputSchema":null}""")]
    [InlineData("""{"name":"a","inputSchema":"object"}""")]
    [InlineData("""{"name":"a","inputSchema":{"type":"string"}}""")]
    [InlineData("""{"name":"a","inputSchema":{"type":["object","null"]}}""")]
    [InlineData("""{"name":"a","inputSchema":[],"outputSchema":7,"annotations":"none","icons":{},"_meta":[]}""")]
    [InlineData("""{"name":"a","description":{},"title":[],"inputSchema":{}}""")]
    public void An_odd_tool_takes_any_object(string json)
    {
        var tool = ToolReader.Read(JsonNode.Parse(json))!;
        Assert.Equal("a", tool.Name);
        Assert.Equal("object", tool.InputSchema.GetProperty("type").GetString());
        Assert.Null(tool.OutputSchema);
    }

    [Fact]
    public void A_schema_without_a_type_is_one_of_an_object()
    {
        var tool = ToolReader.Read(JsonNode.Parse("""{"name":"a","inputSchema":{"properties":{"x":{"type":"string"}},"required":["x"]}}"""))!;
        Assert.Equal("object", tool.InputSchema.GetProperty("type").GetString());
        Assert.Equal("x", tool.InputSchema.GetProperty("required")[0].GetString());
    }

    [Fact]
    public void A_good_tool_is_kept_whole()
    {
        const string json = """
            {"name":"a","title":"A","description":"d","inputSchema":{"type":"object","$defs":{"x":{}}},"outputSchema":{"type":"object"},
             "annotations":{"readOnlyHint":true},"_meta":{"k":{"deep":1}}}
            """;
        var tool = ToolReader.ReadAll(new JsonArray(ToolReader.Write(ToolReader.Read(JsonNode.Parse(json))!)).ToJsonString())[0];
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), ToolReader.Write(tool)), ToolReader.Write(tool).ToJsonString());
    }

    [Fact]
    public void A_tool_larger_than_64_KiB_is_left_out() =>
        Assert.Null(ToolReader.Read(new JsonObject { ["name"] = "a", ["description"] = new string('x', 70_000) }));
}
