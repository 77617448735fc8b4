using System.Text.Json;

namespace JanServer.LlmApi.Requests;

/// <summary>The rules of <c>messages</c>: OpenAI's ChatCompletionRequestMessage, by role.</summary>
internal static class MessageChecks
{
    private enum Role
    {
        None,
        Instruction,
        User,
        Assistant,
        Tool,
        Function,
    }

    [Flags]
    private enum Parts
    {
        None = 0,
        Text = 1,
        Refusal = 2,
        Media = 4,
    }

    /// <summary>What was seen of one message; the members of an object come in any order, so the role decides at its end.</summary>
    private ref struct Seen
    {
        public Role Role;
        public JsonTokenType Content;
        public long ContentAt;
        public Parts Parts;
        public long OddPartAt;
        public bool Replaces;
        public bool ToolCallId;
        public bool Name;
    }

    public static bool Check(ref JsonCursor json)
    {
        var start = json.Start;
        if (!json.OpensArray())
        {
            return false;
        }

        var count = 0;
        while (json.NextElement())
        {
            count++;
            if (!CheckMessage(ref json))
            {
                return false;
            }
        }

        return count > 0 || json.Fail(start, "it must hold at least one message.");
    }

    private static bool CheckMessage(ref JsonCursor json)
    {
        var start = json.Start;
        if (!json.OpensObject())
        {
            return false;
        }

        var seen = default(Seen);
        while (json.NextMember())
        {
            if (!CheckMember(ref json, ref seen))
            {
                return false;
            }
        }

        return seen.Role != Role.None ? CheckRole(ref json, start, seen) : json.Missing(start, "role");
    }

    private static bool CheckMember(ref JsonCursor json, ref Seen seen)
    {
        if (json.Is("role"u8))
        {
            json.Json.Read();
            seen.Role = RoleOf(ref json);
            return seen.Role != Role.None
                || json.Fail("it must be one of 'developer', 'system', 'user', 'assistant', 'tool' and 'function'.");
        }

        if (json.Is("content"u8))
        {
            json.Json.Read();
            (seen.Content, seen.ContentAt) = (json.Token, json.Start);
            return CheckContent(ref json, ref seen);
        }

        if (json.Is("tool_calls"u8))
        {
            json.Json.Read();
            seen.Replaces |= json.Token != JsonTokenType.Null;
            return json.Token == JsonTokenType.Null || ToolChecks.CheckCalls(ref json);
        }

        if (json.Is("tool_call_id"u8))
        {
            json.Json.Read();
            seen.ToolCallId = json.Token != JsonTokenType.Null;
            return json.Token == JsonTokenType.Null || json.NonEmptyText();
        }

        if (json.Is("name"u8))
        {
            json.Json.Read();
            seen.Name = json.Token != JsonTokenType.Null;
            return json.Token == JsonTokenType.Null || json.NonEmptyText();
        }

        // An assistant message may consist of one of these alone.
        var replaces = json.Is("function_call"u8) || json.Is("refusal"u8) || json.Is("audio"u8)
            || json.Is("reasoning_content"u8) || json.Is("reasoning"u8);
        json.Json.Read();
        seen.Replaces |= replaces && json.Token != JsonTokenType.Null;
        json.Skip();
        return true;
    }

    private static Role RoleOf(ref JsonCursor json)
    {
        if (json.Token != JsonTokenType.String)
        {
            return Role.None;
        }

        return json.Is("user"u8) ? Role.User
            : json.Is("assistant"u8) ? Role.Assistant
            : json.Is("tool"u8) ? Role.Tool
            : json.Is("system"u8) || json.Is("developer"u8) ? Role.Instruction
            : json.Is("function"u8) ? Role.Function
            : Role.None;
    }

    private static bool CheckContent(ref JsonCursor json, ref Seen seen)
    {
        if (json.Token is JsonTokenType.String or JsonTokenType.Null)
        {
            return true;
        }

        if (json.Token != JsonTokenType.StartArray)
        {
            return json.Fail("it must be a string or an array of content parts.");
        }

        var start = json.Start;
        var count = 0;
        while (json.NextElement())
        {
            count++;
            var partAt = json.Start;
            if (!ContentPartChecks.Check(ref json, out var kind))
            {
                return false;
            }

            seen.Parts |= kind switch
            {
                ContentPartKind.Text => Parts.Text,
                ContentPartKind.Refusal => Parts.Refusal,
                _ => Parts.Media,
            };
            if (kind != ContentPartKind.Text && seen.OddPartAt == 0)
            {
                seen.OddPartAt = partAt;
            }
        }

        return count > 0 || json.Fail(start, "it must hold at least one content part.");
    }

    private static bool CheckRole(ref JsonCursor json, long start, in Seen seen)
    {
        if (seen.Role == Role.Tool && !seen.ToolCallId)
        {
            return json.Missing(start, "tool_call_id");
        }

        if (seen.Role == Role.Function && !seen.Name)
        {
            return json.Missing(start, "name");
        }

        if (seen.Content == JsonTokenType.None)
        {
            return seen.Role == Role.Assistant && seen.Replaces || json.Missing(start, "content");
        }

        if (seen.Content == JsonTokenType.Null)
        {
            return seen.Role == Role.Function || (seen.Role == Role.Assistant && seen.Replaces)
                || json.Fail(seen.ContentAt, "it must be a string or an array of content parts.");
        }

        return seen.Role switch
        {
            Role.User => (seen.Parts & Parts.Refusal) == 0
                || json.Fail(seen.OddPartAt, "a user message has no 'refusal' parts."),
            Role.Assistant => (seen.Parts & Parts.Media) == 0
                || json.Fail(seen.OddPartAt, "an assistant message holds only 'text' and 'refusal' parts."),
            _ => (seen.Parts & ~Parts.Text) == 0
                || json.Fail(seen.OddPartAt, "a message of this role holds only 'text' parts."),
        };
    }
}
