using System.Globalization;
using System.Text;
using System.Text.Json;
using JanServer.Inference.Requests;

namespace JanServer.Inference.Chat;

/// <summary>Reads <c>messages</c>.</summary>
internal static class MessageReader
{
    public static IReadOnlyList<ChatMessage> Read(Fields body, Problems problems)
    {
        if (!body.Has("messages"))
        {
            problems.Missing("messages");
            return [];
        }

        var messages = body.Objects("messages") ?? [];
        if (messages.Count == 0)
        {
            problems.Invalid("messages", "'messages' must have at least one message.");
        }

        return [.. messages.Select(message => ReadOne(message, problems))];
    }

    private static ChatMessage ReadOne(Fields message, Problems problems)
    {
        var role = message.RequiredText("role");
        if (role.Length > 0 && !Roles.All.Contains(role))
        {
            problems.Invalid(message.PathOf("role"), $"'{message.PathOf("role")}' must be one of {string.Join(", ", Roles.All)}.");
        }

        message.Text("name");
        var calls = role == Roles.Assistant ? ToolCalls(message, problems) : [];
        var toolCallId = role == Roles.Tool ? message.RequiredText("tool_call_id") : null;
        var attachments = new List<string>();
        var text = Content(message, role, calls.Count > 0, attachments, problems);
        return new(role, text, attachments, calls, toolCallId);
    }

    private static string Content(Fields message, string role, bool hasCalls, List<string> attachments, Problems problems)
    {
        var path = message.PathOf("content");
        if (message.Find("content") is not { } content)
        {
            if (role == Roles.Assistant && (hasCalls || message.Has("refusal")))
            {
                return message.Text("refusal") ?? "";
            }

            problems.Missing(path);
            return "";
        }

        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                return content.GetString()!;
            case JsonValueKind.Array when content.GetArrayLength() > 0:
                return Parts(message, attachments, problems);
            default:
                problems.Invalid(path, $"'{path}' must be a string or a non-empty array of content parts.");
                return "";
        }
    }

    private static string Parts(Fields message, List<string> attachments, Problems problems)
    {
        var text = new StringBuilder();
        foreach (var part in message.Objects("content")!)
        {
            var type = part.RequiredText("type");
            switch (type)
            {
                case "text":
                    text.Append(text.Length > 0 ? "\n" : "").Append(RequiredString(part, "text", problems));
                    break;
                case "refusal":
                    text.Append(text.Length > 0 ? "\n" : "").Append(RequiredString(part, "refusal", problems));
                    break;
                case "image_url":
                    Attach(part, "image_url", "url", "image", attachments, problems);
                    break;
                case "input_audio":
                    Attach(part, "input_audio", "data", "audio", attachments, problems);
                    break;
                case "file":
                    Attach(part, "file", null, "file", attachments, problems);
                    break;
                default:
                    problems.Invalid(part.Path, $"'{type}' is no content part of this model: use text, image_url, input_audio or file.");
                    break;
            }
        }

        return text.ToString();
    }

    private static string RequiredString(Fields part, string name, Problems problems)
    {
        if (!part.Has(name))
        {
            problems.Missing(part.PathOf(name));
        }

        return part.Text(name) ?? "";
    }

    private static void Attach(Fields part, string name, string? inner, string kind, List<string> attachments, Problems problems)
    {
        if (!part.Has(name))
        {
            problems.Missing(part.PathOf(name));
        }
        else if (part.Object(name) is { } content && inner is not null)
        {
            content.RequiredText(inner);
        }

        attachments.Add(kind);
    }

    private static List<RequestedToolCall> ToolCalls(Fields message, Problems problems)
    {
        var calls = new List<RequestedToolCall>();
        foreach (var call in message.Objects("tool_calls") ?? [])
        {
            var id = call.RequiredText("id");
            if (call.Object("function") is { } function)
            {
                calls.Add(new(id, function.RequiredText("name"), function.Text("arguments") ?? "{}"));
            }
            else
            {
                problems.Missing(call.PathOf("function"));
            }
        }

        return calls;
    }

    /// <summary>A tool message must answer a call that an earlier assistant message made.</summary>
    public static void CheckToolMessages(IReadOnlyList<ChatMessage> messages, Problems problems)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < messages.Count; i++)
        {
            known.UnionWith(messages[i].ToolCalls.Select(call => call.Id));
            if (messages[i] is { Role: Roles.Tool, ToolCallId: { } id } && !known.Contains(id))
            {
                var path = string.Create(CultureInfo.InvariantCulture, $"messages[{i}].tool_call_id");
                problems.Invalid(path, $"'{path}' answers no tool call of an earlier assistant message.");
            }
        }
    }
}
