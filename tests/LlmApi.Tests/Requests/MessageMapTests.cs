using System.Text;
using JanServer.LlmApi.Requests;

namespace JanServer.LlmApi.Tests.Requests;

public class MessageMapTests
{
    private const string Body = """
        { "n": 1, "messages" : [ {"role":"system","content":"bé {[ \"x\" ]}"},
          {"content":[{"type":"text","text":"hi"}],"role":"user","x":{"role":"tool"}},
          {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},
          {"tool_call_id":"c1","role":"tool","content":"done"},
          {"role":"assistant","tool_calls":null,"function_call":{"name":"f","arguments":""}} ], "model":"m" }
        """;

    private static readonly byte[] Bytes = Encoding.UTF8.GetBytes(Body);

    [Fact]
    public void Every_message_and_the_members_that_stages_read_are_found()
    {
        var request = RequestScan.Read(Operation.Chat, Bytes, out _)!;
        var map = request.Messages(Bytes);
        Assert.Same(map, request.Messages(Bytes));
        var messages = map.Messages;
        Assert.Equal(5, messages.Length);
        Assert.Equal(
            [MessageRole.System, MessageRole.User, MessageRole.Assistant, MessageRole.Tool, MessageRole.Assistant],
            messages.ToArray().Select(message => message.Role));
        Assert.Equal(
            [ContentKind.Text, ContentKind.Parts, ContentKind.Null, ContentKind.Text, ContentKind.None],
            messages.ToArray().Select(message => message.Kind));
        Assert.Equal("""{"role":"system","content":"bé {[ \"x\" ]}"}""", Text(messages[0].Whole));
        Assert.Equal("""
            "bé {[ \"x\" ]}"
            """, Text(messages[0].Content));
        Assert.Equal("""[{"type":"text","text":"hi"}]""", Text(messages[1].Content));
        Assert.StartsWith("""[{"id":"c1",""", Text(messages[2].ToolCalls), StringComparison.Ordinal);
        Assert.Equal("\"c1\"", Text(messages[3].ToolCallId));
        Assert.True(messages[4].ToolCalls.IsEmpty);
        Assert.True(messages[4].CallsTools);
        Assert.Equal('[', Body[Encoding.UTF8.GetString(Bytes, 0, map.Array.Start).Length]);
    }

    [Fact]
    public void The_places_of_known_members_are_kept()
    {
        var request = RequestScan.Read(Operation.Chat, Bytes, out _)!;
        Assert.Equal("1", Text(request.Places.Find(Member.N)));
        Assert.Equal("\"m\"", Text(request.Places.Find(Member.Model)));
        Assert.True(request.Places.Find(Member.Tools).IsEmpty);
        Assert.True(request.Places.Has(Member.Model, Bytes));
        Assert.Equal((byte)'}', Bytes[request.End]);
        Assert.Equal(Bytes.Length - 1, request.End);
    }

    private static string Text(ByteRange range) => Encoding.UTF8.GetString(range.Of(Bytes));
}
