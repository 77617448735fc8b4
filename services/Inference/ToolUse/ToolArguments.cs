using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using JanServer.Inference.Chat;
using JanServer.Inference.Demo;
using JanServer.Inference.Filling;

namespace JanServer.Inference.ToolUse;

/// <summary>Builds the arguments of a call from the tool's schema and the clause that asks for it.</summary>
internal static partial class ToolArguments
{
    public static string Build(ToolDefinition tool, string clause, Facts facts, IReadOnlyList<string> earlierUrls)
    {
        if (tool.Parameters is not { } schema)
        {
            return "{}";
        }

        var evidence = new Evidence(clause, Topic(tool, clause), facts, earlierUrls);
        return SchemaInstance.TryCreate(schema, evidence, out var made) && made is JsonObject arguments ? ToText(arguments) : "{}";
    }

    /// <summary>
    /// What is left of a request without politeness, the tool's name and the verb: "search the web for otters" is about otters.
    /// </summary>
    public static string Topic(ToolDefinition tool, string clause)
    {
        var rest = Politeness().Replace(clause.Trim(), "");
        var named = $@"(?:the\s+)?[`""']?{Regex.Escape(tool.Name)}[`""']?(?:\s+tool)?";
        rest = Regex.Replace(
            rest,
            $@"^(?:use|call|invoke|run|with)\s+{named}(?:\s+(?:to|for|with|on))?\s*:?\s*|\s+(?:using|with|via)\s+{named}(?=[.!?]?$)",
            "",
            RegexOptions.IgnoreCase);
        rest = Verb().Replace(rest, "").Trim().TrimEnd('.', '!', '?', ',', ';', ':').Trim();
        rest = Evidence.QuotedIn(rest) is [var quoted, ..] ? quoted : rest;
        return rest.Length > 0 ? rest : clause.Trim();
    }

    public static string ToText(JsonNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            node.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    [GeneratedRegex(
        @"^(?:(?:please|now|also|first|next|hey|ok|okay|and|could you|can you|would you|will you|I want you to"
        + @"|I would like you to|I'd like you to|help me|let's|you should)[,:]?\s+)+",
        RegexOptions.IgnoreCase)]
    private static partial Regex Politeness();

    [GeneratedRegex(
        @"^(?:(?:do|make|run|perform)\s+an?\s+)?(?:web\s+search|search|google|look\s+up|look\s+for|find(?:\s+out)?"
        + @"|research|scrape|fetch|crawl|browse|open|read|visit|download|remember|memori[sz]e|keep\s+in\s+mind|save|store"
        + @"|note|recall|execute|calculate|compute|evaluate|run|tell\s+me|show\s+me|give\s+me|get(?:\s+me)?|what(?:'s|\s+is"
        + @"|\s+are)|who\s+is|how\s+is)\b(?:\s+(?:information|info|news|details|something|everything|anything)\b)?(?:\s+"
        + @"(?:on|in|using|with|across)\s+(?:the\s+)?(?:web|internet|google|memory)\b|\s+(?:the\s+)?(?:web|internet)\b"
        + @"|\s+online\b)?(?:\s*:\s*|\s+(?:for|about|on|up|that|down|into)\b)?\s*",
        RegexOptions.IgnoreCase)]
    private static partial Regex Verb();
}
