using System.Text.Json;
using JanServer.Inference.Demo;
using JanServer.Inference.Filling;

namespace JanServer.Inference.Tests.Filling;

public sealed class SchemaInstanceTests
{
    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer"}},"required":["a","b"],"additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{"n":{"type":"object","properties":{"x":{"type":"boolean"}},"required":["x"]}},"required":["n"]}""")]
    [InlineData("""{"type":"array","items":{"type":"string"},"minItems":3,"uniqueItems":true}""")]
    [InlineData("""{"type":"array","items":{"enum":["a","b","c"]},"minItems":3,"uniqueItems":true}""")]
    [InlineData("""{"type":"array","items":{"type":"integer"},"minItems":4,"uniqueItems":true}""")]
    [InlineData("""{"type":"array","items":{"type":"integer"},"maxItems":0}""")]
    [InlineData("""{"anyOf":[{"type":"integer","minimum":3,"maximum":4},{"type":"null"}]}""")]
    [InlineData("""{"type":["null","string"],"minLength":30}""")]
    [InlineData("""{"type":"string","maxLength":2}""")]
    [InlineData("""{"type":"string","pattern":"^[A-Z]{3}$"}""")]
    [InlineData("""{"type":"string","pattern":"^\\d{4}-\\d{2}-\\d{2}$"}""")]
    [InlineData("""{"type":"integer","exclusiveMinimum":10,"multipleOf":5}""")]
    [InlineData("""{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1}""")]
    [InlineData("""{"type":"integer","maximum":-7}""")]
    [InlineData("""{"const":{"a":[1,null]}}""")]
    [InlineData("""{"enum":[5,"x",null]}""")]
    [InlineData("""{"allOf":[{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]},{"properties":{"b":{"const":1}},"required":["b"]}]}""")]
    [InlineData("""{"$defs":{"p":{"type":"object","properties":{"v":{"type":"number"}},"required":["v"]}},"type":"array","items":{"$ref":"#/$defs/p"},"minItems":2}""")]
    [InlineData("""{"$defs":{"n":{"type":"object","properties":{"next":{"anyOf":[{"$ref":"#/$defs/n"},{"type":"null"}]}},"required":["next"]}},"$ref":"#/$defs/n"}""")]
    [InlineData("""{"type":"object","properties":{"kids":{"type":"array","items":{"$ref":"#"}}},"required":["kids"]}""")]
    [InlineData("""{"type":"object","required":["loose"]}""")]
    [InlineData("""{"oneOf":[{"type":"string"},{"type":"integer"}]}""")]
    public void An_instance_satisfies_its_schema(string schema)
    {
        var parsed = JsonElement.Parse(schema);

        Assert.True(SchemaInstance.TryCreate(parsed, Evidence("The number is 12."), out var made));
        Assert.True(SchemaChecker.Accepts(parsed, parsed, JsonElement.Parse(made?.ToJsonString() ?? "null")), made?.ToJsonString());
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#"}},"required":["a"]}""")]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"$ref":"#/nowhere"}""")]
    [InlineData("""{"type":"integer","minimum":5,"maximum":4}""")]
    [InlineData("""{"enum":[]}""")]
    [InlineData("""{"type":"array","items":{"const":1},"minItems":2,"uniqueItems":true,"maxItems":1}""")]
    [InlineData("""{"type":"array","items":{"type":"string"},"minItems":100000}""")]
    public void A_schema_without_an_instance_within_the_bounds_yields_none(string schema) =>
        Assert.False(SchemaInstance.TryCreate(JsonElement.Parse(schema), Evidence("x"), out _));

    [Theory]
    [InlineData("name", "string", "\"Ann\"")]
    [InlineData("age", "integer", "31")]
    [InlineData("city", "string", "\"Oslo\"")]
    [InlineData("email", "string", "\"ann@example.com\"")]
    [InlineData("websiteUrl", "string", "\"https://ann.example/me\"")]
    [InlineData("budget", "number", "12.5")]
    public void A_field_takes_the_value_that_the_conversation_gives_it(string field, string type, string expected)
    {
        var schema = JsonElement.Parse($$$"""{"type":"object","properties":{"{{{field}}}":{"type":"{{{type}}}"}},"required":["{{{field}}}"]}""");
        var evidence = Evidence("My name is Ann, I am 31 years old and I live in Oslo. Write to ann@example.com, see https://ann.example/me. budget: 12.5");

        Assert.True(SchemaInstance.TryCreate(schema, evidence, out var made));
        Assert.Equal(expected, made![field]!.ToJsonString());
    }

    private static Evidence Evidence(string text) => new(text, text, Facts.In([text]), []);
}
