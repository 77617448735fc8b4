using System.Text.Json;
using JanServer.ResponseApi.Runs;

namespace JanServer.ResponseApi.Items;

/// <summary>Finds in a list of items what belongs together: calls and their outputs, requests for approval and their answers.</summary>
internal sealed class ItemIndex
{
    private readonly Dictionary<string, Queue<JsonElement>> _outputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _approvals = new(StringComparer.Ordinal);

    public ItemIndex(IReadOnlyList<ContextItem> items)
    {
        for (var i = 0; i < items.Count; i++)
        {
            Add(items[i].Item, i);
        }
    }

    /// <summary>Where the last message of the user is; -1 without one.</summary>
    public int LastUser { get; private set; } = -1;

    /// <summary>The output of the next call with this id, in order; null when there is none left.</summary>
    public JsonElement? OutputOf(string callId) =>
        _outputs.TryGetValue(callId, out var outputs) && outputs.TryDequeue(out var output) ? output : null;

    public JsonElement? ApprovalOf(string requestId) => _approvals.TryGetValue(requestId, out var answer) ? answer : null;

    private void Add(JsonElement item, int at)
    {
        switch (item.TypeOf())
        {
            case "message" when item.Text("role") == "user":
                LastUser = at;
                break;
            case "function_call_output" or "custom_tool_call_output" when item.Text("call_id") is { } callId:
                if (!_outputs.TryGetValue(callId, out var outputs))
                {
                    _outputs[callId] = outputs = new();
                }

                outputs.Enqueue(item);
                break;
            case "mcp_approval_response" when item.Text("approval_request_id") is { } id:
                _approvals[id] = item;
                break;
        }
    }
}
