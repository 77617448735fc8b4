using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tests.Conformance;

/// <summary>The tools that ask their client in the revisions with a handshake, by the descriptions of the suite's scenarios.</summary>
internal static class HandshakeTools
{
    private const string Defaults = """
        {
          "name": {"type": "string", "default": "John Doe"},
          "age": {"type": "integer", "default": 30},
          "score": {"type": "number", "default": 95.5},
          "status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"},
          "verified": {"type": "boolean", "default": true}
        }
        """;

    private const string Enums = """
        {
          "untitledSingle": {"type": "string", "enum": ["option1", "option2", "option3"]},
          "titledSingle": {"type": "string", "oneOf": [
            {"const": "value1", "title": "First Option"}, {"const": "value2", "title": "Second Option"}, {"const": "value3", "title": "Third Option"}]},
          "legacyEnum": {"type": "string", "enum": ["opt1", "opt2", "opt3"], "enumNames": ["Option One", "Option Two", "Option Three"]},
          "untitledMulti": {"type": "array", "items": {"type": "string", "enum": ["option1", "option2", "option3"]}},
          "titledMulti": {"type": "array", "items": {"anyOf": [
            {"const": "value1", "title": "First Choice"}, {"const": "value2", "title": "Second Choice"}, {"const": "value3", "title": "Third Choice"}]}}
        }
        """;

    private const string Asked = "asked";

    public static void AddTo(AddTool add)
    {
        add(
            "test_sampling",
            (call, _) => new(call.Client!.Answers.TryGetValue(Asked, out var answer)
                ? ConformanceTools.Text($"LLM response: {answer.RawValue.GetProperty("content").GetProperty("text").GetString()}")
                : throw InputTools.Ask((Asked, InputTools.Sampling(call.Arguments.GetProperty("prompt").GetString()!, 100)))),
            """{"type":"object","properties":{"prompt":{"type":"string"}},"required":["prompt"]}""");
        add(
            "test_elicitation",
            (call, _) => new(call.Client!.Answers.TryGetValue(Asked, out var answer)
                ? ConformanceTools.Text($"User response: {answer.RawValue.GetRawText()}")
                : throw InputTools.Ask((Asked, InputTools.Elicitation(
                    call.Arguments.GetProperty("message").GetString()!,
                    """{"username":{"type":"string","description":"User's response"},"email":{"type":"string","description":"User's email address"}}""",
                    "username",
                    "email")))),
            """{"type":"object","properties":{"message":{"type":"string"}},"required":["message"]}""");
        add("test_elicitation_sep1034_defaults", (call, _) => new(Completed(call.Client!.Answers, "Please review", Defaults)));
        add("test_elicitation_sep1330_enums", (call, _) => new(Completed(call.Client!.Answers, "Please choose", Enums)));
    }

    private static CallToolResult Completed(IDictionary<string, InputResponse> answers, string message, string properties) =>
        answers.TryGetValue(Asked, out var answer)
            ? ConformanceTools.Text($"Elicitation completed: {answer.RawValue.GetRawText()}")
            : throw InputTools.Ask((Asked, InputTools.Elicitation(message, properties)));
}
