using System.Buffers;
using System.Text;
using System.Text.Json;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Runs;
using JanServer.ResponseApi.Tests.Fixtures;

namespace JanServer.ResponseApi.Tests.Items;

public sealed class ChatMessagesTests
{
    [Theory]
    [InlineData(null, "\"hi\"", """[{"role":"user","content":"hi"}]""")]
    [InlineData("be", """[{"role":"developer","content":"kind"},{"role":"user","content":"hi"},{"role":"system","content":"now"}]""",
        """[{"role":"system","content":"be\n\nkind"},{"role":"user","content":"hi"},{"role":"system","content":"now"}]""")]
    [InlineData(null, """[{"role":"user","content":[{"type":"input_text","text":"look"},{"type":"input_image","image_url":"https://a/b","detail":"original"},{"type":"input_image","file_id":"jan_1"},{"type":"input_file","file_id":"jan_2","filename":"f"}]}]""",
        """[{"role":"user","content":[{"type":"text","text":"look"},{"type":"image_url","image_url":{"url":"https://a/b","detail":"high"}},{"type":"image_url","image_url":{"url":"jan_1"}},{"type":"file","file":{"filename":"f","file_id":"jan_2"}}]}]""")]
    [InlineData(null, """[{"role":"user","content":"q"},{"type":"reasoning","summary":[],"content":[{"type":"reasoning_text","text":"hm"}]},{"role":"assistant","content":"let me"},{"type":"function_call","call_id":"a","name":"f","arguments":"{}"},{"type":"function_call","call_id":"b","name":"g","arguments":""},{"type":"function_call_output","call_id":"b","output":"2"},{"type":"function_call_output","call_id":"a","output":"1"}]""",
        """[{"role":"user","content":"q"},{"role":"assistant","content":"let me","reasoning_content":"hm","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"1"},{"role":"tool","tool_call_id":"b","content":"2"}]""")]
    [InlineData(null, """[{"type":"function_call","call_id":"a","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"a","output":"1"},{"type":"function_call","call_id":"b","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"b","output":"2"}]""",
        """[{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"1"},{"role":"assistant","content":null,"tool_calls":[{"id":"b","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"b","content":"2"}]""")]
    [InlineData(null, """[{"type":"function_call","call_id":"a","name":"f","arguments":"{}"},{"role":"user","content":"well?"},{"type":"function_call_output","call_id":"a","output":"late"}]""",
        """[{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"late"},{"role":"user","content":"well?"}]""")]
    [InlineData(null, """[{"type":"reasoning","summary":[{"type":"summary_text","text":"old"}]},{"role":"assistant","content":"a"},{"role":"user","content":"q"}]""",
        """[{"role":"assistant","content":"a"},{"role":"user","content":"q"}]""")]
    [InlineData(null, """[{"type":"custom_tool_call","call_id":"a","name":"sh","input":"ls"},{"type":"custom_tool_call_output","call_id":"a","output":"x"}]""",
        """[{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"sh","arguments":"{\u0022input\u0022:\u0022ls\u0022}"}}]},{"role":"tool","tool_call_id":"a","content":"x"}]""")]
    [InlineData(null, """[{"type":"function_call","call_id":"a","name":"bad name!","arguments":"{oops"},{"type":"function_call_output","call_id":"a","output":[{"type":"input_image","image_url":"data:image/png;base64,QQ=="}]}]""",
        """[{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"bad_name_","arguments":"{\u0022raw\u0022:\u0022{oops\u0022}"}}]},{"role":"tool","tool_call_id":"a","content":"The result is shown in the next message."},{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,QQ=="}}]}]""")]
    [InlineData(null, """[{"id":"mcp_1","type":"mcp_call","server_label":"s","name":"t","arguments":"{}","output":"o"},{"type":"web_search_call","status":"completed"},{"type":"mcp_list_tools","server_label":"s","tools":[]},{"role":"user","content":"q"}]""",
        """[{"role":"assistant","content":null,"tool_calls":[{"id":"mcp_1","type":"function","function":{"name":"t","arguments":"{}"}}]},{"role":"tool","tool_call_id":"mcp_1","content":"o"},{"role":"user","content":"q"}]""")]
    [InlineData(null, """[{"role":"assistant","content":[{"type":"output_text","text":"a"},{"type":"refusal","refusal":"b"}]}]""", """[{"role":"assistant","content":"a\nb"}]""")]
    public void Items_become_messages(string? instructions, string items, string expected) =>
        Assert.Equal(Normal(expected), Normal(Write(instructions, Given.Items(items))));

    [Fact]
    public void Calls_that_ran_here_are_shown_by_their_record_grouped_by_model_call()
    {
        ContextItem Ran(string id, string item, int modelCall) => new(
            Given.Json($$"""{"id":"{{id}}","type":"{{item}}"}"""),
            new ToolExecution
            {
                CallId = $"c_{id}",
                ItemId = id,
                ToolName = "search",
                Arguments = "{}",
                Order = 1,
                ModelCall = modelCall,
                Status = "completed",
                ModelText = $"r_{id}",
                StartedAt = default,
            });

        var messages = Given.Json(Write(null, [Ran("1", "web_search_call", 1), Ran("2", "code_interpreter_call", 1), Ran("3", "mcp_call", 2)]));

        Assert.Equal(["assistant", "tool", "tool", "assistant", "tool"], messages.EnumerateArray().Select(one => one.GetProperty("role").GetString()));
        Assert.Equal("r_3", messages[4].GetProperty("content").GetString());
        Assert.Equal("search", messages[0].GetProperty("tool_calls")[1].GetProperty("function").GetProperty("name").GetString());
    }

    private static string Write(string? instructions, IReadOnlyList<ContextItem> items)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, ItemJson.Options))
        {
            ChatMessages.Write(json, instructions, items);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string Normal(string json) => System.Text.Json.Nodes.JsonNode.Parse(json)!.ToJsonString();
}
