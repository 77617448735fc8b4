using System.Text.Json.Nodes;
using JanServer.LlmApi.Context;

namespace JanServer.LlmApi.Tests.Context;

public class TextCutTests
{
    [Fact]
    public void A_text_is_cut_between_characters_and_says_so()
    {
        var cut = TextCut.Text(string.Concat(Enumerable.Repeat("😀", 1000)), 50);
        Assert.EndsWith("😀 [truncated]", cut, StringComparison.Ordinal);
        Assert.InRange(TokenEstimate.Of(cut), 45, 50);
        Assert.Equal("short", TextCut.Text("short", 50));
    }

    [Fact]
    public void A_result_that_is_json_keeps_its_shape_and_loses_the_length_of_its_texts()
    {
        var json = new JsonObject
        {
            ["results"] = new JsonArray([.. Enumerable.Range(0, 5).Select(i => new JsonObject
            {
                ["url"] = $"https://example.test/{i}",
                ["markdown"] = new string('x', 40_000),
            })]),
            ["ok"] = true,
        }.ToJsonString();
        var cut = TextCut.JsonOrText(json, 2000);
        Assert.InRange(TokenEstimate.Of(cut), 200, 2000);
        var node = JsonNode.Parse(cut)!;
        Assert.Equal(5, node["results"]!.AsArray().Count);
        Assert.Equal("https://example.test/4", node["results"]![4]!["url"]!.GetValue<string>());
        Assert.EndsWith("[truncated]", node["results"]![0]!["markdown"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True(node["ok"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    public void What_only_looks_like_json_is_cut_as_text(string start) =>
        Assert.StartsWith(start, TextCut.JsonOrText(start + new string('x', 10_000), 100), StringComparison.Ordinal);

    [Fact]
    public void Any_json_is_cut_to_valid_json_that_fits()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var json = RandomJson(random, 0).ToJsonString();
            var tokens = random.Next(10, 400);
            if (TextCut.Json(json, tokens) is { } cut)
            {
                Assert.NotNull(JsonNode.Parse(cut));
                Assert.True(TokenEstimate.Of(cut) <= tokens, cut);
                Assert.Equal(json[0], cut[0]);
            }
        }
    }

    private static JsonNode RandomJson(Random random, int depth) => depth < 4 && (depth == 0 || random.Next(3) > 0)
        ? random.Next(2) == 0
            ? new JsonArray([.. Enumerable.Range(0, random.Next(40)).Select(_ => RandomJson(random, depth + 2))])
            : new JsonObject(Enumerable.Range(0, random.Next(40)).Select(i => KeyValuePair.Create($"key{i}", (JsonNode?)RandomJson(random, depth + 2))))
        : random.Next(3) == 0 ? JsonValue.Create(random.Next()) : JsonValue.Create(string.Concat(Enumerable.Repeat("é\"漢😀 ", random.Next(100))));
}
