using System.Text.Json;

namespace JanServer.LlmApi.Conversations.Items;

/// <summary>Knows which calls of tools an item makes.</summary>
internal static class ToolCalls
{
    /// <summary>The ids of the calls: of an item that is a call, and of the calls within what a model says.</summary>
    public static string[] MadeBy(ConversationItem item)
    {
        if (item.CallId is { } id && item.Type.EndsWith("_call", StringComparison.Ordinal))
        {
            return [id];
        }

        if (item.Role != ItemVocabulary.Assistant || item.Content?.Contains("tool_calls", StringComparison.Ordinal) != true)
        {
            return [];
        }

        using var content = JsonDocument.Parse(item.Content);
        return
        [
            .. from part in content.RootElement.EnumerateArray()
               where part.ValueKind == JsonValueKind.Object
               from call in CallsOf(part)
               select call,
        ];
    }

    private static IEnumerable<string> CallsOf(JsonElement part)
    {
        if (!part.TryGetProperty("tool_calls", out var calls) || calls.ValueKind != JsonValueKind.Array)
        {
            yield break;
        }

        foreach (var call in calls.EnumerateArray())
        {
            if (call.ValueKind == JsonValueKind.Object && call.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String)
            {
                yield return id.GetString()!;
            }
        }
    }
}
