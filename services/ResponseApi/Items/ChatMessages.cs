using System.Text.Json;
using JanServer.ResponseApi.Runs;

namespace JanServer.ResponseApi.Items;

/// <summary>
/// Writes items as the messages of a chat completion. What the assistant thought, said and called in one step is one message, and the
/// results of its calls follow it at once, whatever stood between them in the items. Instructions, and system messages before anything
/// else, are one message, since many templates take only one and only first.
/// </summary>
internal sealed class ChatMessages
{
    private readonly Utf8JsonWriter _json;
    private readonly IReadOnlyList<ContextItem> _items;
    private readonly ItemIndex _index;
    private AssistantStep _step = new();

    private ChatMessages(Utf8JsonWriter json, IReadOnlyList<ContextItem> items) => (_json, _items, _index) = (json, items, new(items));

    /// <summary>Writes the array of messages.</summary>
    /// <param name="json">Where the value is due.</param>
    /// <param name="instructions">The text of the system message; null or empty for none of its own.</param>
    /// <param name="items">Oldest first.</param>
    public static void Write(Utf8JsonWriter json, string? instructions, IReadOnlyList<ContextItem> items)
    {
        json.WriteStartArray();
        var messages = new ChatMessages(json, items);
        var begin = messages.WriteSystem(instructions);
        for (var i = begin; i < items.Count; i++)
        {
            messages.Add(i);
        }

        messages.Flush();
        json.WriteEndArray();
    }

    private int WriteSystem(string? instructions)
    {
        var texts = new List<string>();
        if (!string.IsNullOrEmpty(instructions))
        {
            texts.Add(instructions);
        }

        var next = 0;
        while (next < _items.Count && IsSystem(_items[next].Item))
        {
            texts.Add(ItemTexts.OfContent(_items[next++].Item));
        }

        if (texts.Count > 0)
        {
            WriteText("system", string.Join("\n\n", texts));
        }

        return next;
    }

    private static bool IsSystem(JsonElement item) => item.TypeOf() == "message" && item.Text("role") is "system" or "developer";

    private void Add(int at)
    {
        var (item, execution) = _items[at];
        if (execution is not null && item.TypeOf() is not ("mcp_approval_request" or "message"))
        {
            AddExecution(execution);
            return;
        }

        switch (item.TypeOf())
        {
            case "message":
                AddMessage(item);
                break;
            case "reasoning":
                AddReasoning(item, at);
                break;
            case "function_call" or "custom_tool_call":
                AddCall(item);
                break;
            case "function_call_output" or "custom_tool_call_output":
                _step.IsAnswered = true;
                break;
            case "mcp_approval_request":
                AddDenied(item);
                break;
            default:
                if (ItemTexts.OfForeign(item) is { } call)
                {
                    Begin(_step.IsAnswered);
                    _step.Calls.Add(call);
                }

                break;
        }
    }

    private void AddMessage(JsonElement item)
    {
        if (item.Text("role") == "assistant")
        {
            Begin(_step.Calls.Count > 0);
            _step.Say(ItemTexts.OfContent(item));
            return;
        }

        Flush();
        if (IsSystem(item))
        {
            WriteText("system", ItemTexts.OfContent(item));
            return;
        }

        _json.WriteStartObject();
        _json.WriteString("role"u8, "user"u8);
        _json.WritePropertyName("content"u8);
        ChatParts.Write(_json, item.Elements("content"));
        _json.WriteEndObject();
    }

    private void AddReasoning(JsonElement item, int at)
    {
        Begin(_step.Calls.Count > 0 || _step.HasText);

        // Models are trained to see what they thought in the turn that they are answering, and not what they thought before.
        if (at > _index.LastUser)
        {
            _step.Reasoning = ItemTexts.OfReasoning(item);
        }
    }

    private void AddCall(JsonElement item)
    {
        var callId = item.Text("call_id") ?? "";
        var output = _index.OutputOf(callId);
        if (output is null && item.Text("status") == "incomplete")
        {
            return;
        }

        Begin(_step.IsAnswered);
        var arguments = item.TypeOf() == "custom_tool_call" ? ItemTexts.InputAsArguments(item.Text("input") ?? "") : item.Text("arguments") ?? "";
        _step.Calls.Add(new(callId, item.Text("name") ?? "", arguments, output is { } given ? ItemTexts.OfOutput(given) : "No result was given for this call.")
        {
            Output = output,
        });
    }

    private void AddExecution(ToolExecution execution)
    {
        if (execution.ModelText is not { } text)
        {
            return;
        }

        Begin(_step.IsAnswered || (_step.ModelCall is { } call && call != execution.ModelCall));
        _step.ModelCall = execution.ModelCall;
        _step.Calls.Add(new(execution.CallId, execution.ToolName, execution.Arguments, text));
    }

    private void AddDenied(JsonElement item)
    {
        if (item.Text("id") is not { } id || _index.ApprovalOf(id) is not { } answer || answer.Member("approve") is { ValueKind: JsonValueKind.True })
        {
            return;
        }

        Begin(_step.IsAnswered);
        var reason = answer.Text("reason") is { Length: > 0 } why ? $" The reason: {why}" : "";
        _step.Calls.Add(new(id, item.Text("name") ?? "", item.Text("arguments") ?? "", $"The user did not approve this call; it was not made.{reason}"));
    }

    /// <summary>Begins a new step when the last one is over.</summary>
    private void Begin(bool isOver)
    {
        if (isOver)
        {
            Flush();
        }
    }

    private void Flush()
    {
        if (!_step.IsEmpty)
        {
            _step.Write(_json);
        }

        _step = new();
    }

    private void WriteText(string role, string text)
    {
        _json.WriteStartObject();
        _json.WriteString("role"u8, role);
        _json.WriteString("content"u8, text);
        _json.WriteEndObject();
    }
}
