using System.Text;
using JanServer.LlmApi.Prompts;
using JanServer.LlmApi.Requests;

namespace JanServer.LlmApi.Tests.Prompts;

public class SystemMessageTests
{
    [Theory]
    [InlineData("""[{"role":"user","content":"hi"}]""", """[{"role":"system","content":"B\"1\n\nA"},{"role":"user","content":"hi"}]""")]
    [InlineData("""[{"role":"system","content":"own"},{"role":"user","content":"hi"}]""", """[{"role":"system","content":"B\"1\n\nown\n\nA"},{"role":"user","content":"hi"}]""")]
    [InlineData("""[{"role":"system","content":""},{"role":"user","content":"hi"}]""", """[{"role":"system","content":"B\"1\n\nA"},{"role":"user","content":"hi"}]""")]
    [InlineData("""[{"content":[{"type":"text","text":"own"}],"role":"developer"}]""", """[{"content":[{"type":"text","text":"B\"1"},{"type":"text","text":"own"},{"type":"text","text":"A"}],"role":"developer"}]""")]
    [InlineData("""[{"role":"user","content":"hi"},{"role":"system","content":"late"}]""", """[{"role":"system","content":"B\"1\n\nA"},{"role":"user","content":"hi"},{"role":"system","content":"late"}]""")]
    public async Task Texts_go_into_the_first_message_and_nothing_else_changes(string messages, string expected)
    {
        Assert.Equal(Body(expected), await MergeAsync(messages, new("B\"1", "A", ["x"], [])));
        Assert.Equal(Body(messages), await MergeAsync(messages, ComposedPrompt.Nothing));
    }

    [Fact]
    public async Task One_text_alone_leaves_no_gap_on_the_other_side()
    {
        const string own = """[{"role":"system","content":"own"}]""";
        Assert.Equal(Body("""[{"role":"system","content":"B\n\nown"}]"""), await MergeAsync(own, new("B", "", ["x"], [])));
        Assert.Equal(Body("""[{"role":"system","content":"own\n\nA"}]"""), await MergeAsync(own, new("", "A", ["x"], [])));
        Assert.Equal(
            Body("""[{"role":"system","content":"A"},{"role":"user","content":"hi"}]"""),
            await MergeAsync("""[{"role":"user","content":"hi"}]""", new("", "A", ["x"], [])));
    }

    private static string Body(string messages) => $$"""{"model":"m","messages":{{messages}}}""";

    private static async Task<string> MergeAsync(string messages, ComposedPrompt prompt)
    {
        var body = Encoding.UTF8.GetBytes(Body(messages));
        var request = RequestScan.Read(Operation.Chat, body, out _)!;
        var edits = new EditList(request.Edits);
        SystemMessage.Merge(body, request.Messages(body), prompt, edits);
        using var outgoing = new OutgoingBody(body, edits.Build(), "\"m\""u8.ToArray());
        return await outgoing.ReadAsStringAsync();
    }
}
