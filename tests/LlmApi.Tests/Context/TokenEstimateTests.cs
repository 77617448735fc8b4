using System.Text;
using JanServer.LlmApi.Context;
using JanServer.LlmApi.Requests;

namespace JanServer.LlmApi.Tests.Context;

public class TokenEstimateTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 1)]
    [InlineData("abcd", 1)]
    [InlineData("abcde", 2)]
    [InlineData("漢字漢", 2)]
    [InlineData("漢字漢字漢字", 4)]
    [InlineData("ab漢ab漢ab漢abcd", 4)]
    [InlineData("漢漢漢漢abcdefgh", 5)]
    [InlineData("😀😀😀😀", 1)]
    [InlineData("한국어카", 3)]
    [InlineData("line\nline\n\"q\"\\", 4)]
    public void Four_characters_are_a_token_and_one_and_a_half_of_cjk_where_they_are_many(string text, int tokens)
    {
        Assert.Equal(tokens, TokenEstimate.Of(text));
        Assert.Equal(tokens, TokenEstimate.OfJson(JsonText.Inside(text)));
        var escaped = string.Concat(text.Select(c => $"\\u{(int)c:x4}"));
        Assert.Equal(tokens, TokenEstimate.OfJson(Encoding.ASCII.GetBytes(escaped)));
    }

    [Fact]
    public void A_message_costs_more_than_its_text()
    {
        var body = Encoding.UTF8.GetBytes("""
            {"model":"m","tools":[{"type":"function","function":{"name":"f","description":"abcdefgh"}}],"messages":[
            {"role":"system","content":"abcd"},
            {"role":"user","content":[{"type":"text","text":"abcdefgh"},{"type":"image_url","image_url":{"url":"u"}},{"type":"image_url","image_url":{"url":"u","detail":"low"}}]},
            {"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"find","arguments":"{\"a\":1}"}}]},
            {"role":"tool","tool_call_id":"c","content":"abcdefghijkl"}]}
            """);
        var request = RequestScan.Read(Operation.Chat, body, out _)!;
        var prompt = CountedPrompt.Count(body, request.Messages(body));
        Assert.Equal([11, 10 + 2 + 850 + 85, 10 + 20 + 1 + 2, 13], Enumerable.Range(0, 4).Select(prompt.TokensOf));
        Assert.Equal(prompt.Total, Enumerable.Range(0, 4).Sum(prompt.TokensOf));
        Assert.Equal(1, prompt.LastUser);
        Assert.Equal(2, prompt.TextOf(1));
        Assert.InRange(CountedPrompt.OfTools(body, request.Places.Find(Member.Tools)), 80, 100);
        Assert.Equal(0, CountedPrompt.OfTools(body, default));
    }
}
