using System.Text.Json;
using JanServer.LlmApi.Prompts.Modules;

namespace JanServer.LlmApi.Requests;

/// <summary>The rules of the options that are more than a number: <c>stop</c>, <c>response_format</c>, <c>logit_bias</c>, <c>metadata</c>.</summary>
internal static class OptionChecks
{
    private const int MaxStops = 4;
    private const int MaxModules = 32;
    private const int MaxMetadata = MetadataRules.MaxMembers;
    private const int MaxMetadataKey = MetadataRules.MaxName;
    private const int MaxMetadataValue = MetadataRules.MaxValue;

    public static bool CheckStop(ref JsonCursor json)
    {
        const string rule = "it must be a string or an array of at most 4 strings.";
        if (json.Token == JsonTokenType.String)
        {
            return true;
        }

        var start = json.Start;
        if (json.Token != JsonTokenType.StartArray)
        {
            return json.Fail(rule);
        }

        var count = 0;
        while (json.NextElement())
        {
            count++;
            if (!json.Text())
            {
                return false;
            }
        }

        return count <= MaxStops || json.Fail(start, rule);
    }

    /// <summary><c>disable_modules</c>: names of prompt modules.</summary>
    public static bool CheckModules(ref JsonCursor json)
    {
        var start = json.Start;
        if (!json.OpensArray())
        {
            return false;
        }

        var count = 0;
        while (json.NextElement())
        {
            if (!json.Text() || ++count > MaxModules)
            {
                return json.Fail(start, $"it must hold at most {MaxModules} names of prompt modules.");
            }

            if (!ModuleNames.All.Contains(json.Json.GetString()!, StringComparer.Ordinal))
            {
                return json.Fail($"there is no such prompt module; there are {string.Join(", ", ModuleNames.All)}.");
            }
        }

        return true;
    }

    public static bool CheckResponseFormat(ref JsonCursor json)
    {
        var start = json.Start;
        if (!json.OpensObject())
        {
            return false;
        }

        var (type, isSchema, schema) = (false, false, false);
        while (json.NextMember())
        {
            if (json.Is("type"u8))
            {
                json.Json.Read();
                type = true;
                if (json.Token != JsonTokenType.String || !(json.Is("text"u8) || json.Is("json_object"u8) || json.Is("json_schema"u8)))
                {
                    return json.Fail("it must be 'text', 'json_object' or 'json_schema'.");
                }

                isSchema = json.Is("json_schema"u8);
            }
            else if (json.Is("json_schema"u8))
            {
                json.Json.Read();
                schema = true;
                if (!CheckSchema(ref json))
                {
                    return false;
                }
            }
            else
            {
                json.Json.Read();
                json.Skip();
            }
        }

        return !type ? json.Missing(start, "type") : !isSchema || schema || json.Missing(start, "json_schema");
    }

    private static bool CheckSchema(ref JsonCursor json)
    {
        var start = json.Start;
        if (!json.OpensObject())
        {
            return false;
        }

        var name = false;
        while (json.NextMember())
        {
            var isName = json.Is("name"u8);
            var isSchema = json.Is("schema"u8);
            json.Json.Read();
            if (isName && !json.NonEmptyText())
            {
                return false;
            }

            if (isSchema && json.Token != JsonTokenType.Null && !json.OpensObject())
            {
                return false;
            }

            name |= isName;
            json.Skip();
        }

        return name || json.Missing(start, "name");
    }

    public static bool CheckLogitBias(ref JsonCursor json)
    {
        if (!json.OpensObject())
        {
            return false;
        }

        while (json.NextMember())
        {
            json.Json.Read();
            if (!json.Number(-100, 100, "between -100 and 100"))
            {
                return false;
            }
        }

        return true;
    }

    public static bool CheckMetadata(ref JsonCursor json)
    {
        var start = json.Start;
        if (!json.OpensObject())
        {
            return false;
        }

        var count = 0;
        while (json.NextMember())
        {
            count++;
            if (json.TextLength() is 0 or > MaxMetadataKey)
            {
                return json.Fail(start, "its keys must be 1 to 64 characters long.");
            }

            json.Json.Read();
            if (!json.Text())
            {
                return false;
            }

            if (json.TextLength() > MaxMetadataValue)
            {
                return json.Fail("it must be at most 512 characters long.");
            }

            if (json.Json.ValueIsEscaped && json.Json.GetString()!.Contains('\0', StringComparison.Ordinal))
            {
                return json.Fail("it must not hold NUL.");
            }
        }

        return count <= MaxMetadata || json.Fail(start, "it must have at most 16 members.");
    }

    /// <summary>Checks <c>prompt</c> or <c>input</c>: a string, strings, tokens, or arrays of tokens.</summary>
    public static bool CheckPrompt(ref JsonCursor json, int maxItems)
    {
        const string rule = "it must be a string, an array of strings, an array of integers or an array of arrays of integers.";
        if (json.Token == JsonTokenType.String)
        {
            return true;
        }

        var start = json.Start;
        if (json.Token != JsonTokenType.StartArray)
        {
            return json.Fail(rule);
        }

        var first = JsonTokenType.None;
        var count = 0;
        while (json.NextElement())
        {
            first = count++ == 0 ? json.Token : first;
            if (json.Token != first || first is not (JsonTokenType.String or JsonTokenType.Number or JsonTokenType.StartArray))
            {
                return json.Fail(rule);
            }

            if (first == JsonTokenType.StartArray && !CheckTokens(ref json))
            {
                return false;
            }

            if (first == JsonTokenType.Number && !json.Json.TryGetInt32(out _))
            {
                return json.Fail(rule);
            }
        }

        return count == 0 ? json.Fail(start, "it must not be empty.")
            : first == JsonTokenType.Number || count <= maxItems || json.Fail(start, $"it must have at most {maxItems} items.");
    }

    private static bool CheckTokens(ref JsonCursor json)
    {
        var start = json.Start;
        var count = 0;
        while (json.NextElement())
        {
            count++;
            if (!json.Integer(0, int.MaxValue, " of at least 0"))
            {
                return false;
            }
        }

        return count > 0 || json.Fail(start, "it must not be empty.");
    }
}
