using System.Text;
using JanServer.LlmApi.Answers;

namespace JanServer.LlmApi.Tests.Answers;

public class AnswerCaptureTests
{
    [Fact]
    public void The_pieces_of_parallel_tool_calls_come_together_by_their_index()
    {
        var answer = Capture(
            Delta("""{"role":"assistant","tool_calls":[{"index":1,"id":"b","function":{"name":"two","arguments":""}}]}"""),
            Delta("""{"tool_calls":[{"index":0,"id":"a","function":{"name":"one","arguments":"{\"x\""}},{"index":1,"function":{"arguments":"{}"}}]}"""),
            Delta("""{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]}"""));
        Assert.Equal(
            [("a", "one", "{\"x\":1}"), ("b", "two", "{}")],
            answer.First!.ToolCalls.Select(call => (call.Id, call.Name, call.Arguments)));
    }

    [Fact]
    public void Without_an_index_pieces_come_together_by_id_and_else_go_on_with_the_last_call()
    {
        var answer = Capture(
            Delta("""{"tool_calls":[{"id":"a","function":{"name":"one","arguments":"{"}}]}"""),
            Delta("""{"tool_calls":[{"function":{"arguments":"}"}}]}"""),
            Delta("""{"tool_calls":[{"id":"b","function":{"name":"two","arguments":"["}}]}"""),
            Delta("""{"tool_calls":[{"id":"b","function":{"name":"two","arguments":"]"}}]}"""));
        Assert.Equal(
            [("a", "one", "{}"), ("b", "two", "[]")], answer.First!.ToolCalls.Select(call => (call.Id, call.Name, call.Arguments)));
    }

    [Fact]
    public void Arguments_that_are_cut_off_are_kept_as_they_are()
    {
        var answer = Capture(Delta("""{"tool_calls":[{"index":0,"id":"a","function":{"name":"one","arguments":"{\"x\":"}}]}"""));
        Assert.Equal("{\"x\":", answer.First!.ToolCalls.Single().Arguments);
    }

    [Fact]
    public void The_calls_of_a_whole_message_follow_each_other()
    {
        var answer = Capture(
            """{"choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"one","arguments":"{}"}},{"id":"b","type":"function","function":{"name":"one","arguments":{"y":2}}}]},"finish_reason":"tool_calls"}]}""");
        Assert.Equal([("a", "{}"), ("b", "{\"y\":2}")], answer.First!.ToolCalls.Select(call => (call.Id, call.Arguments)));
        Assert.Equal("tool_calls", answer.First.FinishReason);
    }

    [Fact]
    public void Choices_are_kept_apart_and_parts_that_are_no_text_are_kept_whole()
    {
        var answer = Capture(
            """{"created":7,"system_fingerprint":"fp","choices":[{"index":1,"delta":{"content":"b"}}]}""",
            """{"choices":[{"index":0,"delta":{"content":"a","reasoning_content":"r","reasoning":"r"}}]}""",
            """{"choices":[{"index":0,"delta":{"content":[{"type":"text","text":"c"},{"type":"image_url","image_url":{"url":"data:x"}}]},"finish_reason":"stop"}]}""");
        Assert.Equal(["ac", "b"], answer.Choices.Select(choice => choice.Content));
        Assert.Equal("r", answer.First!.Reasoning);
        Assert.Equal("""{"type":"image_url","image_url":{"url":"data:x"}}""", answer.First.Parts.Single().GetRawText());
        Assert.Equal((7L, "fp"), (answer.Created, answer.SystemFingerprint));
    }

    [Fact]
    public void An_answer_without_end_is_cut()
    {
        var answer = new AnswerCapture(maxLength: 10);
        for (var i = 0; i < 100; i++)
        {
            answer.Add(Encoding.UTF8.GetBytes(Delta("""{"content":"12345"}""")));
        }

        Assert.True(answer.IsCut);
        Assert.Equal(15, answer.First!.Content.Length);
    }

    private static string Delta(string delta) => $$"""{"id":"x","choices":[{"index":0,"delta":{{delta}}}]}""";

    private static AnswerCapture Capture(params string[] chunks)
    {
        var answer = new AnswerCapture(maxLength: 1 << 20);
        foreach (var chunk in chunks)
        {
            answer.Add(Encoding.UTF8.GetBytes(chunk));
        }

        return answer;
    }
}
