using System.Text.Json.Nodes;
using JanServer.Gateway.Authentication;
using JanServer.Gateway.Routing;

namespace JanServer.Gateway.OpenApi;

/// <summary>
/// Makes one document of the services' own: their paths as the gateway spells them, without those it does not route, and their
/// components, prefixed with the service's name where two services mean different things by one name.
/// </summary>
internal static class OpenApiMerger
{
    private const string Reference = "$ref";
    private const string ComponentsPrefix = "#/components/";

    /// <summary>Merges documents in order. They are taken apart: do not use them afterwards.</summary>
    public static JsonObject Merge(IEnumerable<(string Service, JsonObject Document)> documents)
    {
        var paths = new JsonObject();
        var components = new JsonObject();
        var tags = new JsonObject();
        foreach (var (service, document) in documents)
        {
            Rename(document, Collisions(service, document, components));
            Move(document["components"] as JsonObject, components);
            foreach (var (path, item) in TakeAll(document["paths"]))
            {
                if (RouteTable.PublicPath(service, path) is { } shown && !paths.ContainsKey(shown))
                {
                    paths[shown] = AnonymousEndpoints.Contain(shown) ? WithoutSecurity(item) : item;
                }
            }

            foreach (var tag in document["tags"] as JsonArray ?? [])
            {
                if (tag?["name"]?.GetValue<string>() is { } name && !tags.ContainsKey(name))
                {
                    tags[name] = tag.DeepClone();
                }
            }
        }

        components["securitySchemes"] = new JsonObject
        {
            ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "An access token or an API key." },
            ["api_key"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "X-API-Key" },
        };
        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject { ["title"] = "JanServer", ["version"] = "v1" },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["security"] = new JsonArray(
                new JsonObject { ["bearer"] = new JsonArray() },
                new JsonObject { ["api_key"] = new JsonArray() }),
            ["tags"] = new JsonArray([.. TakeAll(tags).Select(tag => tag.Value)]),
            ["paths"] = paths,
            ["components"] = components,
        };
    }

    /// <summary>New references for components whose name is taken by something else.</summary>
    private static Dictionary<string, string> Collisions(string service, JsonObject document, JsonObject taken)
    {
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (kind, section) in document["components"] as JsonObject ?? [])
        {
            foreach (var (name, component) in section as JsonObject ?? [])
            {
                if (taken[kind]?[name] is { } other && !JsonNode.DeepEquals(other, component))
                {
                    renamed[$"{ComponentsPrefix}{kind}/{name}"] = $"{ComponentsPrefix}{kind}/{service}.{name}";
                }
            }
        }

        return renamed;
    }

    private static void Rename(JsonObject document, Dictionary<string, string> renamed)
    {
        if (renamed.Count == 0)
        {
            return;
        }

        foreach (var (from, to) in renamed)
        {
            var parts = from[ComponentsPrefix.Length..].Split('/');
            var section = (JsonObject)document["components"]![parts[0]]!;
            section.Remove(parts[1], out var component);
            section[to[(ComponentsPrefix.Length + parts[0].Length + 1)..]] = component;
        }

        Visit(document);

        void Visit(JsonNode? node)
        {
            switch (node)
            {
                case JsonObject members:
                    if (members[Reference] is JsonValue value
                        && value.TryGetValue<string>(out var target)
                        && renamed.TryGetValue(target, out var replacement))
                    {
                        members[Reference] = replacement;
                    }

                    foreach (var (_, member) in members)
                    {
                        Visit(member);
                    }

                    break;
                case JsonArray items:
                    foreach (var item in items)
                    {
                        Visit(item);
                    }

                    break;
            }
        }
    }

    private static void Move(JsonObject? from, JsonObject to)
    {
        foreach (var (kind, section) in TakeAll(from))
        {
            if (to[kind] is not JsonObject target)
            {
                to[kind] = target = [];
            }

            foreach (var (name, component) in TakeAll(section))
            {
                target[name] = component;
            }
        }
    }

    private static JsonNode? WithoutSecurity(JsonNode? item)
    {
        foreach (var (_, operation) in item as JsonObject ?? [])
        {
            if (operation is JsonObject members)
            {
                members["security"] = new JsonArray();
            }
        }

        return item;
    }

    // A node has one parent: it must leave the old before it can enter the new.
    private static List<KeyValuePair<string, JsonNode?>> TakeAll(JsonNode? node)
    {
        if (node is not JsonObject members)
        {
            return [];
        }

        var taken = members.ToList();
        members.Clear();
        return taken;
    }
}
