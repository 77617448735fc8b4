using System.Text.Json;
using JanServer.ResponseApi.Requests;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Items;

/// <summary>Checks the members of an input item by its type and writes them, without <c>id</c> and <c>type</c>.</summary>
internal static class ItemForms
{
    private const int MaxCallId = 128;
    private const int MaxName = 128;

    public static void Write(Utf8JsonWriter json, FieldReader item, string type)
    {
        switch (type)
        {
            case "message":
                WriteMessage(json, item);
                break;
            case "function_call":
                WriteCall(json, item, "arguments");
                WriteStatus(json, item);
                break;
            case "custom_tool_call":
                WriteCall(json, item, "input");
                break;
            case "function_call_output":
                WriteOutput(json, item);
                WriteStatus(json, item);
                break;
            case "custom_tool_call_output":
                WriteOutput(json, item);
                break;
            case "item_reference":
                item.NeedText("id", most: 128);
                break;
            case "mcp_approval_response":
                WriteApproval(json, item);
                break;
            default:
                WriteAsIs(json, item, type);
                break;
        }
    }

    private static void WriteMessage(Utf8JsonWriter json, FieldReader item)
    {
        var role = item.Choice("role", "user", "assistant", "system", "developer") ?? "user";
        WriteStatus(json, item);
        json.WriteString("role"u8, role);
        var source = item.Has("content") || !item.Has("text") ? "content" : "text";
        if (item.Find(source) is not { ValueKind: JsonValueKind.String or JsonValueKind.Array })
        {
            item.Fail(item.Has(source)
                ? ApiError.Invalid(item.PathOf(source), "It must be a string or an array of content parts.")
                : ApiError.Missing(item.PathOf(source)));
        }

        ContentReader.Write(json, item, source, "content", isAssistant: role == "assistant");
        if (item.Text("phase", most: 64) is { } phase)
        {
            json.WriteString("phase"u8, phase);
        }
    }

    private static void WriteCall(Utf8JsonWriter json, FieldReader item, string body)
    {
        json.WriteString("call_id"u8, item.NeedText("call_id", most: MaxCallId));
        json.WriteString("name"u8, item.NeedText("name", most: MaxName));
        json.WriteString(body, item.NeedText(body, least: 0));
    }

    private static void WriteOutput(Utf8JsonWriter json, FieldReader item)
    {
        json.WriteString("call_id"u8, item.NeedText("call_id", most: MaxCallId));
        switch (item.Find("output"))
        {
            case { ValueKind: JsonValueKind.String }:
                json.WriteString("output"u8, item.Text("output") ?? "");
                break;
            case { ValueKind: JsonValueKind.Array }:
                ContentReader.Write(json, item, "output", "output", isAssistant: false);
                break;
            case null:
                item.Fail(ApiError.Missing(item.PathOf("output")));
                break;
            default:
                item.Fail("output", "It must be a string or an array of content parts.");
                break;
        }
    }

    private static void WriteApproval(Utf8JsonWriter json, FieldReader item)
    {
        json.WriteString("approval_request_id"u8, item.NeedText("approval_request_id", most: MaxCallId));
        if (item.Flag("approve") is not { } approve)
        {
            item.Fail(ApiError.Missing(item.PathOf("approve")));
            return;
        }

        json.WriteBoolean("approve"u8, approve);
        if (item.Text("reason") is { } reason)
        {
            json.WriteString("reason"u8, reason);
        }
    }

    /// <summary>Items that only this server makes, which clients send back as they got them.</summary>
    private static void WriteAsIs(Utf8JsonWriter json, FieldReader item, string type)
    {
        switch (type)
        {
            case "reasoning":
                CheckTexts(item, "summary");
                CheckTexts(item, "content");
                item.Text("encrypted_content");
                if (!item.Has("summary"))
                {
                    json.WriteStartArray("summary"u8);
                    json.WriteEndArray();
                }

                break;
            case "mcp_call":
                item.NeedText("server_label");
                item.NeedText("name");
                item.NeedText("arguments", least: 0);
                item.Text("output");
                break;
            case "mcp_approval_request":
                item.NeedText("server_label");
                item.NeedText("name");
                item.NeedText("arguments", least: 0);
                break;
            case "mcp_list_tools":
                item.NeedText("server_label");
                item.Array("tools");
                break;
            case "compaction":
                item.NeedText("encrypted_content", most: 20_971_520);
                break;
            case "file_search_call":
                item.Array("queries");
                item.Array("results");
                break;
            case "code_interpreter_call":
                item.Text("code");
                item.Array("outputs");
                break;
            case "web_search_call" or "image_generation_call":
                break;
            default:
                item.Fail("type", "This server has no item of that type.");
                break;
        }

        foreach (var member in item.Value.EnumerateObject())
        {
            if (!member.NameEquals("id"u8) && !member.NameEquals("type"u8) && !(member.NameEquals("summary"u8) && member.Value.ValueKind == JsonValueKind.Null))
            {
                member.WriteTo(json);
            }
        }
    }

    private static void CheckTexts(FieldReader item, string name)
    {
        foreach (var element in item.Array(name))
        {
            item.Element(element).NeedText("text", least: 0);
        }
    }

    private static void WriteStatus(Utf8JsonWriter json, FieldReader item) =>
        json.WriteString("status"u8, item.Choice("status", "in_progress", "completed", "incomplete") ?? "completed");
}
