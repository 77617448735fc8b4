using System.Text.Json;
using JanServer.ResponseApi.Tests.Fixtures;
using JanServer.Testing.Upstreams;

namespace JanServer.ResponseApi.Tests.Events;

/// <summary>Every event has the members that OpenAI's schema of it requires.</summary>
public sealed class EventShapeTests
{
    private static readonly Dictionary<string, string[]> Required = new()
    {
        ["response.created"] = ["response"],
        ["response.in_progress"] = ["response"],
        ["response.completed"] = ["response"],
        ["response.output_item.added"] = ["output_index", "item"],
        ["response.output_item.done"] = ["output_index", "item"],
        ["response.content_part.added"] = ["item_id", "output_index", "content_index", "part"],
        ["response.content_part.done"] = ["item_id", "output_index", "content_index", "part"],
        ["response.output_text.delta"] = ["item_id", "output_index", "content_index", "delta", "logprobs"],
        ["response.output_text.done"] = ["item_id", "output_index", "content_index", "text", "logprobs"],
        ["response.refusal.delta"] = ["item_id", "output_index", "content_index", "delta"],
        ["response.refusal.done"] = ["item_id", "output_index", "content_index", "refusal"],
        ["response.function_call_arguments.delta"] = ["item_id", "output_index", "delta"],
        ["response.function_call_arguments.done"] = ["item_id", "name", "output_index", "arguments"],
        ["response.custom_tool_call_input.delta"] = ["output_index", "item_id", "delta"],
        ["response.custom_tool_call_input.done"] = ["output_index", "item_id", "input"],
        ["response.reasoning_text.delta"] = ["item_id", "output_index", "content_index", "delta"],
        ["response.reasoning_text.done"] = ["item_id", "output_index", "content_index", "text"],
        ["response.reasoning_summary_part.added"] = ["item_id", "output_index", "summary_index", "part"],
        ["response.reasoning_summary_part.done"] = ["item_id", "output_index", "summary_index", "part"],
        ["response.reasoning_summary_text.delta"] = ["item_id", "output_index", "summary_index", "delta"],
        ["response.reasoning_summary_text.done"] = ["item_id", "output_index", "summary_index", "text"],
        ["response.mcp_call.in_progress"] = ["item_id", "output_index"],
        ["response.mcp_call.completed"] = ["item_id", "output_index"],
    };

    private static readonly Dictionary<string, string[]> Items = new()
    {
        ["message"] = ["id", "role", "content", "status"],
        ["reasoning"] = ["id", "summary"],
        ["function_call"] = ["id", "call_id", "name", "arguments"],
        ["custom_tool_call"] = ["id", "call_id", "name", "input"],
        ["mcp_call"] = ["id", "server_label", "name", "arguments"],
    };

    private static readonly string[] ResponseMembers =
    [
        "id", "object", "created_at", "completed_at", "status", "incomplete_details", "model", "previous_response_id", "instructions", "output", "error",
        "tools", "tool_choice", "truncation", "parallel_tool_calls", "text", "top_p", "presence_penalty", "frequency_penalty", "top_logprobs",
        "temperature", "reasoning", "usage", "max_output_tokens", "max_tool_calls", "store", "background", "service_tier", "metadata",
        "safety_identifier", "prompt_cache_key", "conversation",
    ];

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"reasoning":{"summary":"auto"}}""")]
    public async Task Events_have_what_their_schema_requires(string more)
    {
        await using var host = await LoopHost.StartAsync(new TestTools(ServerTool.Adds()));
        host.Llm.Calls(("a", "add", """{"n":1}"""));
        host.Llm.NextChat(async exchange =>
        {
            await exchange.EventAsync(ChatScripts.Delta(new { reasoning_content = "hm" }));
            await exchange.EventAsync(OpenAIShapes.Chunk("Hi"));
            await exchange.EventAsync(ChatScripts.Delta(new { refusal = "no" }));
            await exchange.EventAsync(ChatScripts.Delta(new { tool_calls = new object[] { new { index = 0, id = "f", function = new { name = "f", arguments = "{}" } } } }));
            await exchange.EventAsync(ChatScripts.Delta(new { tool_calls = new object[] { new { index = 1, id = "c", function = new { name = "c", arguments = """{"input":"x"}""" } } } }));
            await exchange.EventAsync(OpenAIShapes.FinishChunk("tool_calls"));
            await exchange.DoneAsync();
        });
        var response = Given.Response(
            """{"model":"m","input":"x","tools":[{"type":"function","name":"f"},{"type":"custom","name":"c"}]""" + (more.Length > 2 ? "," : "") + more[1..]);

        var journal = await host.RunAsync(response);

        foreach (var one in journal.Events)
        {
            var type = one.GetProperty("type").GetString()!;
            Assert.True(Required.TryGetValue(type, out var members), type);
            Assert.All(members!, member => Assert.True(one.TryGetProperty(member, out _), $"{type}.{member}"));
            if (one.TryGetProperty("item", out var item))
            {
                Assert.All(Items[item.GetProperty("type").GetString()!], member => Assert.True(item.TryGetProperty(member, out _), $"{type}.item.{member}"));
            }

            if (one.TryGetProperty("response", out var whole))
            {
                Assert.All(ResponseMembers, member => Assert.True(whole.TryGetProperty(member, out _), $"{type}.response.{member}"));
            }
        }

        Balanced(journal);
        Assert.Equal(["mcp_call", "reasoning", "message", "function_call", "custom_tool_call"], response.Progress.Output.Select(item => item.GetProperty("type").GetString()));
    }

    /// <summary>Every item that begins ends, once, at its place, and is in the output at that place.</summary>
    private static void Balanced(RecordingJournal journal)
    {
        var added = journal.Of("response.output_item.added").ToDictionary(one => one.GetProperty("output_index").GetInt32(), Id);
        var done = journal.Of("response.output_item.done").ToDictionary(one => one.GetProperty("output_index").GetInt32(), Id);
        Assert.Equal(added.OrderBy(one => one.Key), done.OrderBy(one => one.Key));
        var output = journal.Single("response.completed").GetProperty("response").GetProperty("output");
        Assert.Equal(added.OrderBy(one => one.Key).Select(one => one.Value), output.EnumerateArray().Select(item => item.GetProperty("id").GetString()));
    }

    private static string? Id(JsonElement happened) => happened.GetProperty("item").GetProperty("id").GetString();
}
