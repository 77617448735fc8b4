using System.Text.Json.Nodes;
using JanServer.Gateway.OpenApi;

namespace JanServer.Gateway.Tests.OpenApi;

public sealed class OpenApiMergerTests
{
    [Fact]
    public void Paths_are_spelled_as_clients_spell_them_and_internal_ones_left_out()
    {
        var merged = OpenApiMerger.Merge(
        [
            ("llm-api", Document("/v1/models", "/healthz", "/internal/models", "/v1/users/me")),
            ("accounts", Document("/auth/me", "/v1/users/me", "/internal/api-keys/verify", "/v1/unrouted")),
            ("response-api", Document("/v1/responses")),
            ("mcp-tools", Document("/v1/mcp")),
        ]);

        Assert.Equal(
            ["/auth/me", "/v1/mcp", "/v1/models", "/v1/responses", "/v1/users/me"],
            Names(merged["paths"]).Order(StringComparer.Ordinal));
        Assert.Equal("first of /auth/me", merged["paths"]!["/v1/users/me"]!["get"]!["summary"]!.GetValue<string>());
    }

    [Fact]
    public void Different_schemas_of_one_name_are_told_apart_and_equal_ones_shared()
    {
        var first = Document("/v1/models");
        Schema(first, "Error", "string");
        Schema(first, "Name", "string");
        var second = Document("/auth/me");
        Schema(second, "Error", "string");
        Schema(second, "Name", "integer");
        second["components"]!["schemas"]!["List"] = JsonNode.Parse("""{"type":"array","items":{"$ref":"#/components/schemas/Name"}}""");

        var merged = OpenApiMerger.Merge([("llm-api", first), ("accounts", second)]);

        Assert.Equal(["Error", "List", "Name", "accounts.Name"], Names(merged["components"]!["schemas"]).Order(StringComparer.Ordinal));
        Assert.Equal("string", merged["components"]!["schemas"]!["Name"]!["type"]!.GetValue<string>());
        Assert.Equal(
            "#/components/schemas/accounts.Name",
            merged["components"]!["schemas"]!["List"]!["items"]!["$ref"]!.GetValue<string>());
    }

    [Fact]
    public void Anonymous_operations_need_no_credential_and_the_others_do()
    {
        var merged = OpenApiMerger.Merge([("accounts", Document("/auth/guest-login", "/auth/me"))]);

        Assert.Empty((JsonArray)merged["paths"]!["/auth/guest-login"]!["get"]!["security"]!);
        Assert.Null(merged["paths"]!["/auth/me"]!["get"]!["security"]);
        Assert.NotEmpty((JsonArray)merged["security"]!);
    }

    private static JsonObject Document(params string[] paths) => new()
    {
        ["openapi"] = "3.1.1",
        ["paths"] = new JsonObject(paths.Select(path => KeyValuePair.Create<string, JsonNode?>(
            path,
            new JsonObject { ["get"] = new JsonObject { ["summary"] = $"first of {paths[0]}" } }))),
        ["components"] = new JsonObject { ["schemas"] = new JsonObject() },
    };

    private static void Schema(JsonObject document, string name, string type) =>
        document["components"]!["schemas"]![name] = new JsonObject { ["type"] = type };

    private static IEnumerable<string> Names(JsonNode? node) => ((JsonObject)node!).Select(member => member.Key);
}
