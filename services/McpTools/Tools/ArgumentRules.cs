using System.Runtime.CompilerServices;
using System.Text.Json;
using Json.Schema;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tools;

/// <summary>Checks arguments against the input schema of their tool, which is compiled once.</summary>
internal sealed partial class ArgumentRules(ILogger<ArgumentRules> logger)
{
    private const int MaxNamed = 5;

    private static readonly EvaluationOptions Listed = new() { OutputFormat = OutputFormat.List };

    private readonly ConditionalWeakTable<Tool, Compiled> _compiled = [];

    /// <summary>Refuses arguments that the tool's schema does not allow.</summary>
    /// <exception cref="McpProtocolException">What is wrong where (-32602).</exception>
    public void Check(Tool tool, JsonElement arguments)
    {
        if (arguments.ValueKind is not JsonValueKind.Object)
        {
            throw Invalid(tool, ["the arguments must be a JSON object"]);
        }

        if (_compiled.GetValue(tool, Compile).Schema is not { } schema)
        {
            return;
        }

        var results = schema.Evaluate(arguments, Listed);
        if (!results.IsValid)
        {
            throw Invalid(tool, ViolationsOf(results));
        }
    }

    private static McpProtocolException Invalid(Tool tool, IEnumerable<string> violations) =>
        new($"Invalid arguments for tool '{tool.Name}': {string.Join("; ", violations)}.", McpErrorCode.InvalidParams);

    private static List<string> ViolationsOf(EvaluationResults results)
    {
        var named = Leaves(results).Distinct(StringComparer.Ordinal).Take(MaxNamed).ToList();
        return named.Count > 0 ? named : ["they do not satisfy its schema"];
    }

    private static IEnumerable<string> Leaves(EvaluationResults results)
    {
        foreach (var node in (results.Details ?? []).Prepend(results).Where(node => !node.IsValid && node.Errors is { Count: > 0 }))
        {
            var place = PathOf(node.InstanceLocation.ToString());
            var evaluated = node.EvaluationPath.ToString();
            if (evaluated.EndsWith("/additionalProperties", StringComparison.Ordinal) || evaluated.EndsWith("/unevaluatedProperties", StringComparison.Ordinal))
            {
                yield return $"'{place}' is not known to this tool";
                continue;
            }

            foreach (var message in node.Errors!.Values)
            {
                yield return place.Length == 0 ? Sentence(message) : $"'{place}': {Sentence(message)}";
            }
        }
    }

    /// <summary>A JSON pointer as clients write paths: <c>/items/0/name</c> is <c>items[0].name</c>.</summary>
    private static string PathOf(string pointer)
    {
        var path = "";
        foreach (var segment in pointer.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            path += name.All(char.IsAsciiDigit) ? $"[{name}]" : path.Length == 0 ? name : $".{name}";
        }

        return path;
    }

    private static string Sentence(string message) => message.TrimEnd('.');

    private Compiled Compile(Tool tool)
    {
        try
        {
            // A registry of its own: schemas of external servers must neither see each other nor stay.
            return new(JsonSchema.Build(tool.InputSchema, new BuildOptions { SchemaRegistry = new SchemaRegistry() }));
        }
        catch (Exception e) when (e is JsonException or JsonSchemaException or RefResolutionException or ArgumentException or InvalidOperationException)
        {
            // Of an external server: it checks for itself.
            Log.NoSchema(logger, tool.Name, e.GetType().Name);
            return new(null);
        }
    }

    private sealed record Compiled(JsonSchema? Schema);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The input schema of tool {Tool} cannot be used, so its arguments are not checked here: {Failure}")]
        public static partial void NoSchema(ILogger logger, string tool, string failure);
    }
}
