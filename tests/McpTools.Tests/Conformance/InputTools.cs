using System.Text.Json;
using JanServer.McpTools.Protocol;
using ModelContextProtocol.Protocol;
using Act = System.Func<JanServer.McpTools.Tools.ToolCall, System.Threading.CancellationToken, System.Threading.Tasks.ValueTask<ModelContextProtocol.Protocol.CallToolResult>>;

namespace JanServer.McpTools.Tests.Conformance;

/// <summary>The tools that ask their client (SEP-2322), by the descriptions of the suite's scenarios.</summary>
internal static class InputTools
{
    private const string Prefix = "test_input_required_result_";

    public static void AddTo(AddTool add)
    {
        add(Prefix + "elicitation", (call, _) => new(
            Accepted(call.Client!, "user_name", "name") is { } name ? ConformanceTools.Text($"Hello, {name}!") : throw Ask(("user_name", Name))));
        add(Prefix + "sampling", (call, _) => new(
            call.Client!.Answers.TryGetValue("capital_question", out var answer)
                ? ConformanceTools.Text(answer.RawValue.GetProperty("content").GetRawText())
                : throw Ask(("capital_question", Sampling("What is the capital of France?", 100)))));
        add(Prefix + "list_roots", (call, _) => new(
            call.Client!.Answers.TryGetValue("client_roots", out var answer)
                ? ConformanceTools.Text(answer.RawValue.GetProperty("roots").GetRawText())
                : throw Ask(("client_roots", Roots))));
        add(Prefix + "request_state", (call, _) => new(
            Accepted(call.Client!, "confirm", "ok") is not null && call.Client!.State == "waiting"
                ? ConformanceTools.Text("state-ok")
                : throw Ask("waiting", ("confirm", Confirmation))));
        add(Prefix + "tampered_state", (call, _) => new(
            call.Client!.State == "waiting" ? ConformanceTools.Text("state-ok") : throw Ask("waiting", ("confirm", Confirmation))));
        add(Prefix + "multiple_inputs", (call, _) => new(
            call.Client!.Answers.Count == 3
                ? ConformanceTools.Text("all there")
                : throw Ask("three", ("user_name", Name), ("greeting", Sampling("Generate a greeting", 50)), ("client_roots", Roots))));
        add(Prefix + "multi_round", (call, _) => new((call.Client!.State, call.Client.Answers) switch
        {
            ("1", var answers) when answers.ContainsKey("step1") =>
                throw Ask("2", ("step2", Elicitation("Step 2: What is your favorite color?", """{"color":{"type":"string"}}""", "color"))),
            ("2", var answers) when answers.ContainsKey("step2") => ConformanceTools.Text("done"),
            _ => throw Ask("1", ("step1", Elicitation("Step 1: What is your name?", """{"name":{"type":"string"}}""", "name"))),
        }));
        add(Prefix + "capabilities", (call, _) => new(
            call.Client!.Answers.Count > 0
                ? ConformanceTools.Text("done")
                : throw Ask([.. Possible(call.Client.Capabilities)])));
        add("test_streaming_elicitation", (call, _) => new(
            Accepted(call.Client!, "user_name", "name") is { } name ? ConformanceTools.Text($"Hello, {name}!") : throw Ask(("user_name", Name))));
    }

    public static InputRequest Name => Elicitation("What is your name?", """{"name":{"type":"string"}}""", "name");

    public static InputRequest Elicitation(string message, string properties, params string[] required) => new()
    {
        Method = RequestMethods.ElicitationCreate,
        Params = JsonElement.Parse(
            $$$"""
            {"message":{{{JsonSerializer.Serialize(message)}}},
             "requestedSchema":{"type":"object","properties":{{{properties}}},"required":{{{JsonSerializer.Serialize(required)}}}}}
            """),
    };

    public static InputRequest Sampling(string text, int maxTokens) => new()
    {
        Method = RequestMethods.SamplingCreateMessage,
        Params = JsonElement.Parse(
            $$$"""
            {"messages":[{"role":"user","content":{"type":"text","text":{{{JsonSerializer.Serialize(text)}}}}}],"maxTokens":{{{maxTokens}}}}
            """),
    };

    public static InputRequiredException Ask(params (string Key, InputRequest Question)[] questions) => Ask(null, questions);

    private static InputRequest Roots => new() { Method = RequestMethods.RootsList, Params = JsonElement.Parse("{}") };

    private static InputRequest Confirmation => Elicitation("Please confirm", """{"ok":{"type":"boolean"}}""", "ok");

    private static InputRequiredException Ask(string? state, params (string Key, InputRequest Question)[] questions) =>
        new(questions.ToDictionary(question => question.Key, question => question.Question), state);

    /// <summary>What was filled in, or null when there is no answer of that form.</summary>
    private static string? Accepted(ClientDialogue client, string key, string field) =>
        client.Answers.TryGetValue(key, out var answer)
        && answer.RawValue is { ValueKind: JsonValueKind.Object } json
        && json.TryGetProperty("content", out var content)
        && content.ValueKind == JsonValueKind.Object
        && content.TryGetProperty(field, out var value)
            ? value.ToString()
            : null;

    private static IEnumerable<(string Key, InputRequest Question)> Possible(ClientCapabilities capabilities)
    {
        if (capabilities.Elicitation is not null)
        {
            yield return ("user_name", Name);
        }

        if (capabilities.Sampling is not null)
        {
            yield return ("greeting", Sampling("Generate a greeting", 50));
        }
    }
}

/// <summary>Adds a fixture.</summary>
internal delegate void AddTool(string name, Act act, string schema = """{"type":"object","properties":{}}""");
