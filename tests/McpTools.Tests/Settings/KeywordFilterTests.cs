using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using JanServer.McpTools.Settings;
using JanServer.McpTools.Tests.Tools;
using JanServer.McpTools.Tools;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tests.Settings;

public sealed class KeywordFilterTests
{
    private static readonly KeywordFilter Filter = new([new("(?i)acme", RegexOptions.NonBacktracking), new("a\"b", RegexOptions.NonBacktracking)]);

    [Theory]
    [InlineData("""{"results":[{"position":1,"title":"Acme"},{"position":2,"title":"b"},{"position":3,"snippet":"of ACME"},{"position":4,"title":"d"}]}""",
        """{"results":[{"position":1,"title":"b"},{"position":2,"title":"d"}]}""")]
    [InlineData("""{"results":[{"position":11,"title":"a"},{"position":12,"url":"https://acme.test"},{"position":13}]}""",
        """{"results":[{"position":11,"title":"a"},{"position":12}]}""")]
    [InlineData("""{"citations":["https://acme.test/","https://b.test/"],"raw":{"organic":[{"link":"https://acme.test/"}],"answerBox":{"answer":"acme it is"}}}""",
        """{"citations":["https://b.test/"],"raw":{"organic":[],"answerBox":{"answer":"[withheld]"}}}""")]
    [InlineData("""{"organic":[{"title":"a","sitelinks":[{"title":"acme"},{"title":"c"}]}]}""", """{"organic":[{"title":"a","sitelinks":[{"title":"c"}]}]}""")]
    [InlineData("""{"acme":1,"text":"one\n\nacme\n\ntwo","n":5,"none":null}""", """{"text":"one\n\ntwo","n":5,"none":null}""")]
    [InlineData("""{"list":[["acme"],["b"],"c",1]}""", """{"list":[[],["b"],"c",1]}""")]
    [InlineData("""{"quoted":"a\"b","other":"x"}""", """{"quoted":"[withheld]","other":"x"}""")]
    [InlineData("""{"fine":[{"position":7}]}""", """{"fine":[{"position":7}]}""")]
    public void No_field_keeps_what_is_disallowed_and_the_text_says_the_same(string structured, string expected)
    {
        var result = Filter.Apply(ToolResults.Of(JsonElement.Parse(structured)));

        AssertSame(expected, result.StructuredContent!.Value.GetRawText());
        AssertSame(expected, result.Text());
    }

    [Theory]
    [InlineData("one\n\nfrom Acme\nof course\n\ntwo", "one\n\ntwo")]
    [InlineData("one\nfrom Acme\ntwo", "one\ntwo")]
    [InlineData("Acme", "[withheld]")]
    [InlineData("{ acme", "[withheld]")]
    [InlineData("nothing", "nothing")]
    public void Texts_lose_paragraphs(string text, string expected) => Assert.Equal(expected, Filter.Apply(FakeTool.Text(text)).Text());

    [Fact]
    public void Letters_of_every_script_stand_for_themselves()
    {
        var whole = Filter.Apply(ToolResults.Of(JsonElement.Parse("""{"text":"\u4eac\u90fd \"caf\u00e9\""}""")));
        var filtered = Filter.Apply(ToolResults.Of(JsonElement.Parse("""{"a":"acme","text":"\u4eac\u90fd"}""")));

        Assert.Equal("""{"text":"京都 \"café\""}""", whole.Text());
        Assert.Equal(whole.Text(), whole.StructuredContent!.Value.GetRawText());
        Assert.Equal("""{"a":"[withheld]","text":"京都"}""", filtered.Text());
        Assert.Equal(filtered.Text(), filtered.StructuredContent!.Value.GetRawText());
    }

    [Fact]
    public void Links_and_resources_are_filtered_and_the_rest_of_the_result_stays()
    {
        var result = Filter.Apply(new()
        {
            Content =
            [
                new ResourceLinkBlock { Uri = "https://acme.test/", Name = "a" },
                new ResourceLinkBlock { Uri = "https://b.test/", Name = "b" },
                new EmbeddedResourceBlock { Resource = new TextResourceContents { Uri = "file:///c", Text = "one\nacme" } },
                ImageContentBlock.FromBytes(new byte[] { 1 }, "image/png"),
            ],
            IsError = true,
            Meta = new JsonObject { ["source"] = "acme", ["n"] = 1 },
        });

        Assert.Equal(["resource_link", "resource", "image"], result.Content.Select(block => block.Type));
        Assert.Equal("one", Assert.IsType<TextResourceContents>(Assert.IsType<EmbeddedResourceBlock>(result.Content[1]).Resource).Text);
        Assert.True(result.IsError);
        Assert.Equal("""{"source":"[withheld]","n":1}""", result.Meta!.ToJsonString());
    }

    private static void AssertSame(string expected, string actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), actual);
}
