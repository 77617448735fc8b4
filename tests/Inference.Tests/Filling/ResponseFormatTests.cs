using System.Net;
using System.Text.Json;

namespace JanServer.Inference.Tests.Filling;

public sealed class ResponseFormatTests(EngineHost engine) : IClassFixture<EngineHost>
{
    [Fact]
    public async Task A_json_schema_answer_is_an_instance_with_values_from_the_conversation()
    {
        const string schema = """
            {"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"},"mood":{"enum":["calm","wild"]}},
             "required":["name","age","mood"],"additionalProperties":false}
            """;
        var answer = await AskAsync(
            "My name is Ann and I am 31 years old.",
            $$$"""{"type":"json_schema","json_schema":{"name":"p","strict":true,"schema":{{{schema}}}}}""");

        var made = JsonElement.Parse(Text(answer));
        Assert.True(SchemaChecker.Accepts(JsonElement.Parse(schema), JsonElement.Parse(schema), made));
        Assert.Equal("Ann", made.GetProperty("name").GetString());
        Assert.Equal(31, made.GetProperty("age").GetInt32());
    }

    [Fact]
    public async Task A_json_object_answer_is_an_object() =>
        Assert.Equal(
            JsonValueKind.Object,
            JsonElement.Parse(Text(await AskAsync("Give me JSON.", """{"type":"json_object"}"""))).ValueKind);

    [Fact]
    public async Task A_schema_that_has_no_end_is_refused_by_name()
    {
        var answer = await AskAsync(
            "x",
            """{"type":"json_schema","json_schema":{"name":"p","schema":{"type":"object","properties":{"a":{"$ref":"#"}},"required":["a"]}}}""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("response_format.json_schema.schema", answer.Error.GetProperty("param").GetString());
    }

    private Task<Answer> AskAsync(string text, string format) => engine.PostAsync(
        "/v1/chat/completions",
        $$"""{"model":"jan-demo","response_format":{{format}},"messages":[{"role":"user","content":{{JsonSerializer.Serialize(text)}}}]}""");

    private static string Text(Answer answer) =>
        answer.Json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
}
