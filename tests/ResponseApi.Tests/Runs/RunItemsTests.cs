using System.Buffers;
using System.Text.Json;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Runs;
using JanServer.ResponseApi.Tests.Fixtures;

namespace JanServer.ResponseApi.Tests.Runs;

public sealed class RunItemsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Calls_without_an_item_stand_where_they_were_made(bool isKnown)
    {
        var response = Given.Response("""{"model":"m","input":"q"}""");
        var progress = response.Progress;
        Say(progress, "first");
        progress.Executions.Add(Call("a", "mcp_a", 1, 1, 1));
        progress.Output.Add(Given.Json("""{"id":"mcp_a","type":"mcp_call"}"""));
        progress.Executions.Add(Call("b", "fc_b", 2, 1, isKnown ? 1 : 0));
        Say(progress, "second");
        progress.Executions.Add(Call("c", "mcp_c", 3, 2, 3));
        progress.Output.Add(Given.Json("""{"id":"mcp_c","type":"mcp_call"}"""));

        var messages = Write(RunItems.Of(response));

        Assert.Equal(
            ["user:q", "assistant:first", "tool:r_a", "tool:r_b", "assistant:second", "tool:r_c"],
            messages.EnumerateArray().Select(one => $"{one.GetProperty("role").GetString()}:{one.GetProperty("content").GetString()}"));
        Assert.Equal(["a", "b"], messages[1].GetProperty("tool_calls").EnumerateArray().Select(call => call.GetProperty("id").GetString()));
    }

    private static void Say(RunProgress progress, string text) => progress.Output.Add(Given.Json(
        $$"""{"id":"msg_{{text}}","type":"message","role":"assistant","content":[{"type":"output_text","text":"{{text}}"}]}"""));

    private static ToolExecution Call(string id, string item, int order, int modelCall, int outputs) => new()
    {
        CallId = id,
        ItemId = item,
        ToolName = "t",
        Arguments = "{}",
        Order = order,
        ModelCall = modelCall,
        OutputsBefore = outputs,
        Status = "completed",
        ModelText = $"r_{id}",
        StartedAt = default,
    };

    private static JsonElement Write(IReadOnlyList<ContextItem> items)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            ChatMessages.Write(json, null, items);
        }

        return ItemJson.Parse(buffer.WrittenSpan);
    }
}
