using System.Buffers;
using System.Text.Json;

namespace JanServer.LlmApi.Requests;

/// <summary>The rules of <c>tools</c>, <c>tool_choice</c> and a message's <c>tool_calls</c>.</summary>
internal static class ToolChecks
{
    private const int MaxNameLength = 64;
    private const string NameRule = "it must be 1 to 64 characters of a-z, A-Z, 0-9, '_' and '-'.";

    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"u8);

    /// <summary>Checks <c>tools</c> and adds the names of its functions to <paramref name="names"/>.</summary>
    public static bool CheckTools(ref JsonCursor json, List<string> names)
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
            if (!CheckTyped(ref json, names, isDefinition: true))
            {
                return false;
            }
        }

        return count > 0 || json.Fail(start, "it must hold at least one tool.");
    }

    public static bool CheckCalls(ref JsonCursor json)
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
            if (!CheckTyped(ref json, names: null, isDefinition: false))
            {
                return false;
            }
        }

        return count > 0 || json.Fail(start, "it must hold at least one tool call.");
    }

    /// <summary>A tool or a call of one: an object with <c>type</c> and the member that the type names.</summary>
    private static bool CheckTyped(ref JsonCursor json, List<string>? names, bool isDefinition)
    {
        var start = json.Start;
        if (!json.OpensObject())
        {
            return false;
        }

        var (function, custom, id) = (false, false, isDefinition);
        var (isFunction, isCustom) = (false, false);
        while (json.NextMember())
        {
            if (json.Is("type"u8))
            {
                json.Json.Read();
                isFunction = json.Token == JsonTokenType.String && json.Is("function"u8);
                isCustom = json.Token == JsonTokenType.String && json.Is("custom"u8);
                if (!isFunction && !isCustom)
                {
                    return json.Fail("it must be 'function' or 'custom'.");
                }
            }
            else if (json.Is("function"u8))
            {
                json.Json.Read();
                function = true;
                if (!CheckFunction(ref json, names, isDefinition, body: "arguments"))
                {
                    return false;
                }
            }
            else if (json.Is("custom"u8))
            {
                json.Json.Read();
                custom = true;
                if (!CheckFunction(ref json, names, isDefinition, body: "input"))
                {
                    return false;
                }
            }
            else
            {
                var isId = !isDefinition && json.Is("id"u8);
                json.Json.Read();
                if (isId && !json.NonEmptyText())
                {
                    return false;
                }

                id |= isId;
                json.Skip();
            }
        }

        return !id ? json.Missing(start, "id")
            : !isFunction && !isCustom ? json.Missing(start, "type")
            : isFunction ? function || json.Missing(start, "function")
            : custom || json.Missing(start, "custom");
    }

    private static bool CheckFunction(ref JsonCursor json, List<string>? names, bool isDefinition, string body)
    {
        var start = json.Start;
        if (!json.OpensObject())
        {
            return false;
        }

        var (hasName, hasBody) = (false, isDefinition);
        while (json.NextMember())
        {
            if (json.Is("name"u8))
            {
                json.Json.Read();
                hasName = true;
                if (!(isDefinition ? CheckName(ref json) : json.NonEmptyText()))
                {
                    return false;
                }

                names?.Add(json.Json.GetString()!);
            }
            else if (isDefinition && json.Is("parameters"u8))
            {
                json.Json.Read();
                if (json.Token != JsonTokenType.Null && !json.OpensObject())
                {
                    return false;
                }

                json.Skip();
            }
            else
            {
                var isText = isDefinition ? json.Is("description"u8) : json.Json.ValueTextEquals(body);
                var isFlag = isDefinition && json.Is("strict"u8);
                json.Json.Read();
                var isNull = isDefinition && json.Token == JsonTokenType.Null;
                if ((isText && !isNull && !json.Text()) || (isFlag && !isNull && !json.Flag()))
                {
                    return false;
                }

                hasBody |= isText;
                json.Skip();
            }
        }

        return !hasName ? json.Missing(start, "name") : hasBody || json.Missing(start, body);
    }

    private static bool CheckName(ref JsonCursor json)
    {
        if (json.Token != JsonTokenType.String)
        {
            return json.Fail(NameRule);
        }

        var name = json.Json.ValueSpan;
        return name.Length is > 0 and <= MaxNameLength && !name.ContainsAnyExcept(NameBytes) || json.Fail(NameRule);
    }

    /// <summary>
    /// Checks the shape of <c>tool_choice</c>. <paramref name="named"/> is the tool it insists on, if any; whether that tool is offered is
    /// only known once the whole request is read.
    /// </summary>
    public static bool CheckChoice(ref JsonCursor json, out string? named)
    {
        named = null;
        if (json.Token == JsonTokenType.String)
        {
            return json.Is("none"u8) || json.Is("auto"u8) || json.Is("required"u8)
                || json.Fail("it must be 'none', 'auto', 'required' or an object that names a tool.");
        }

        var start = json.Start;
        if (json.Token != JsonTokenType.StartObject)
        {
            return json.Fail("it must be 'none', 'auto', 'required' or an object that names a tool.");
        }

        var (type, choice, allowed) = (false, false, false);
        while (json.NextMember())
        {
            if (json.Is("type"u8))
            {
                json.Json.Read();
                type = true;
                if (json.Token != JsonTokenType.String || !(json.Is("function"u8) || json.Is("custom"u8) || json.Is("allowed_tools"u8)))
                {
                    return json.Fail("it must be 'function', 'custom' or 'allowed_tools'.");
                }

                allowed = json.Is("allowed_tools"u8);
            }
            else if (json.Is("function"u8) || json.Is("custom"u8))
            {
                json.Json.Read();
                choice = true;
                if (!ReadName(ref json, out named))
                {
                    return false;
                }
            }
            else
            {
                choice |= json.Is("allowed_tools"u8);
                json.Json.Read();
                json.Skip();
            }
        }

        return !type ? json.Missing(start, "type") : choice || json.Missing(start, allowed ? "allowed_tools" : "function");
    }

    private static bool ReadName(ref JsonCursor json, out string? name)
    {
        name = null;
        var start = json.Start;
        if (!json.OpensObject())
        {
            return false;
        }

        while (json.NextMember())
        {
            var isName = json.Is("name"u8);
            json.Json.Read();
            if (isName)
            {
                if (!json.NonEmptyText())
                {
                    return false;
                }

                name = json.Json.GetString();
            }

            json.Skip();
        }

        return name is not null || json.Missing(start, "name");
    }
}
