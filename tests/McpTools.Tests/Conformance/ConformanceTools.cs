using System.Text.Json;
using JanServer.McpTools.Protocol.Signals;
using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults.Auth;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tests.Conformance;

/// <summary>The tools that the suite calls, by the descriptions of its scenarios.</summary>
internal sealed class ConformanceTools : IToolSource
{
    private readonly Dictionary<string, ITool> _tools = new(StringComparer.Ordinal);

    public ConformanceTools(IListChanges changes)
    {
        AddContent();
        AddBehaviour(changes);
        InputTools.AddTo(Add);
        HandshakeTools.AddTo(Add);
    }

    public ValueTask<IReadOnlyList<ITool>> ListAsync(Caller caller, CancellationToken ct) => new([.. _tools.Values]);

    public ValueTask<ITool?> FindAsync(Caller caller, string name, CancellationToken ct) => new(_tools.GetValueOrDefault(name));

    /// <summary>A result that is text.</summary>
    public static CallToolResult Text(string text) => new() { Content = [new TextContentBlock { Text = text }] };

    private void AddContent()
    {
        // Whichever comes first in the list is called without arguments.
        Add("a_tool_without_arguments", (_, _) => new(Text("ok")));
        Add("test_simple_text", (_, _) => new(Text("This is a simple text response for testing.")));
        Add("test_image_content", (_, _) => new(new CallToolResult { Content = [ImageContentBlock.FromBytes(Samples.Png, "image/png")] }));
        Add("test_audio_content", (_, _) => new(new CallToolResult { Content = [AudioContentBlock.FromBytes(Samples.Wav, "audio/wav")] }));
        Add("test_embedded_resource", (_, _) => new(new CallToolResult
        {
            Content = [Embedded("test://embedded-resource", "text/plain", "This is an embedded resource content.")],
        }));
        Add("test_multiple_content_types", (_, _) => new(new CallToolResult
        {
            Content =
            [
                new TextContentBlock { Text = "Multiple content types test:" },
                ImageContentBlock.FromBytes(Samples.Png, "image/png"),
                Embedded("test://mixed-content-resource", "application/json", """{"test":"data","value":123}"""),
            ],
        }));
        Add("test_error_handling", (_, _) => new(ToolResults.Error("This tool intentionally returns an error for testing")));
        Add("json_schema_2020_12_tool", (_, _) => new(Text("ok")), Schema2020);
        Add(
            "test_x_mcp_header",
            (_, _) => new(Text("ok")),
            """{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},"count":{"type":"integer","x-mcp-header":"Count"}}}""");
    }

    private void AddBehaviour(IListChanges changes)
    {
        Add("test_tool_with_progress", (call, _) =>
        {
            foreach (var done in new[] { 0, 50, 100 })
            {
                call.Progress?.Report(new() { Progress = done, Total = 100 });
            }

            return new(Text("done"));
        });
        Add("test_tool_with_logging", LogAsync);
        Add("test_logging_tool", LogAsync);
        Add("test_missing_capability", (_, _) => throw new MissingRequiredClientCapabilityException(new() { Sampling = new() }));
        Add("test_trigger_tool_change", async (_, ct) =>
        {
            await changes.ToolsChangedAsync(null, ct);
            return Text("changed");
        });
        Add("test_trigger_prompt_change", async (_, ct) =>
        {
            await changes.PromptsChangedAsync(null, ct);
            return Text("changed");
        });
    }

    private static async ValueTask<CallToolResult> LogAsync(ToolCall call, CancellationToken ct)
    {
        foreach (var step in new[] { "Tool execution started", "Tool processing data", "Tool execution completed" })
        {
            await call.Client!.LogAsync(LoggingLevel.Info, "conformance", JsonSerializer.SerializeToElement(step), ct);
        }

        return Text("logged");
    }

    private static EmbeddedResourceBlock Embedded(string uri, string type, string text) =>
        new() { Resource = new TextResourceContents { Uri = uri, MimeType = type, Text = text } };

    private void Add(string name, Func<ToolCall, CancellationToken, ValueTask<CallToolResult>> act, string schema = """{"type":"object","properties":{}}""") =>
        _tools.Add(name, new Fixture(new() { Name = name, Description = $"Fixture {name}.", InputSchema = JsonElement.Parse(schema) }, act));

    private sealed class Fixture(Tool definition, Func<ToolCall, CancellationToken, ValueTask<CallToolResult>> act) : ITool
    {
        public Tool Definition => definition;

        public string? Unavailable => null;

        public ValueTask<CallToolResult> CallAsync(ToolCall call, CancellationToken ct) => act(call, ct);
    }

    // As the scenario json-schema-2020-12 prints it.
    private const string Schema2020 = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "type": "object",
          "$defs": {
            "address": {
              "$anchor": "addressDef",
              "type": "object",
              "properties": {
                "street": {
                  "type": "string"
                },
                "city": {
                  "type": "string"
                }
              }
            }
          },
          "properties": {
            "name": {
              "type": "string"
            },
            "address": {
              "$ref": "#/$defs/address"
            },
            "contactMethod": {
              "type": "string",
              "enum": [
                "phone",
                "email"
              ]
            },
            "phone": {
              "type": "string"
            },
            "email": {
              "type": "string"
            }
          },
          "allOf": [
            {
              "anyOf": [
                {
                  "required": [
                    "phone"
                  ]
                },
                {
                  "required": [
                    "email"
                  ]
                }
              ]
            }
          ],
          "if": {
            "properties": {
              "contactMethod": {
                "const": "phone"
              }
            },
            "required": [
              "contactMethod"
            ]
          },
          "then": {
            "required": [
              "phone"
            ]
          },
          "else": {
            "required": [
              "email"
            ]
          },
          "additionalProperties": false
        }
        """;
}
