using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace JanServer.LocalOrchestrator.Tests.Publishing;

/// <summary>What may stand in a manifest: the types and members that azd and aspirate know, and placeholders that lead somewhere.</summary>
internal static partial class ManifestSchema
{
    private static readonly Dictionary<string, (string[] Required, string[] Optional)> Types = new(StringComparer.Ordinal)
    {
        ["project.v0"] = (["path"], ["args", "env", "bindings"]),
        ["container.v0"] = (["image"], ["entrypoint", "args", "env", "bindings", "volumes", "bindMounts", "connectionString"]),
        ["container.v1"] = (["build"], ["entrypoint", "args", "env", "bindings", "volumes", "bindMounts", "connectionString"]),
        ["value.v0"] = (["connectionString"], []),
        ["parameter.v0"] = (["value", "inputs"], []),
        ["annotated.string"] = (["value", "filter"], []),
    };

    public static void Check(string name, JsonObject resource, JsonObject all)
    {
        Assert.Matches("^[a-zA-Z][a-zA-Z0-9]*(-[a-zA-Z0-9]+)*$", name);
        var type = (string)resource["type"]!;
        Assert.True(Types.TryGetValue(type, out var members), $"{name}: unknown type {type}");
        var keys = resource.Select(p => p.Key).Where(k => k != "type").ToArray();
        Assert.All(members.Required, required => Assert.Contains(required, keys));
        Assert.All(keys, key => Assert.True(members.Required.Concat(members.Optional).Contains(key), $"{name}: {type} has no {key}"));
        foreach (var binding in (JsonObject?)resource["bindings"] ?? [])
        {
            CheckBinding(name, (JsonObject)binding.Value!);
        }

        foreach (var text in Texts(resource))
        {
            Assert.DoesNotContain("localhost", text, StringComparison.OrdinalIgnoreCase);
            foreach (Match placeholder in Placeholder().Matches(text))
            {
                CheckPlaceholder(name, placeholder.Groups[1].Value, all);
            }
        }
    }

    private static void CheckBinding(string name, JsonObject binding)
    {
        string[] known = ["scheme", "protocol", "transport", "port", "targetPort", "external"];
        Assert.All(binding, member => Assert.True(known.Contains(member.Key), $"{name}: a binding has no {member.Key}"));
        Assert.Contains((string)binding["protocol"]!, new[] { "tcp", "udp" });
        Assert.Contains((string)binding["transport"]!, new[] { "http", "http2", "tcp" });
    }

    /// <summary><c>resource.property</c> must exist in the same manifest.</summary>
    private static void CheckPlaceholder(string name, string expression, JsonObject all)
    {
        var parts = expression.Split('.');
        Assert.True(all.ContainsKey(parts[0]), $"{name}: {{{expression}}} refers to a resource that is not there");
        var target = (JsonObject)all[parts[0]]!;
        switch (parts[1..])
        {
            case ["bindings", var binding, var property]:
                Assert.NotNull(target["bindings"]?[binding]);
                Assert.Contains(property, new[] { "url", "host", "port", "targetPort", "scheme" });
                break;
            case ["inputs", var input]:
                Assert.NotNull(target["inputs"]?[input]);
                break;
            default:
                Assert.Single(parts[1..]);
                Assert.NotNull(target[parts[1]]);
                break;
        }
    }

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject container => container.SelectMany(p => Texts(p.Value)),
        JsonArray list => list.SelectMany(Texts),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [value.GetValue<string>()],
        _ => [],
    };

    [GeneratedRegex(@"(?<!\{)\{([^{}]+)\}(?!\})")]
    private static partial Regex Placeholder();
}
