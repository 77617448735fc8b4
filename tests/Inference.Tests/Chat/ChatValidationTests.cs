using System.Net;

namespace JanServer.Inference.Tests.Chat;

public sealed class ChatValidationTests(EngineHost engine) : IClassFixture<EngineHost>
{
    private const string Hi = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"hi"}]}""", "model")]
    [InlineData("""{"model":5,"messages":[{"role":"user","content":"hi"}]}""", "model")]
    [InlineData("""{"model":"jan-demo"}""", "messages")]
    [InlineData("""{"model":"jan-demo","messages":[]}""", "messages")]
    [InlineData("""{"model":"jan-demo","messages":"hi"}""", "messages")]
    [InlineData("""{"model":"jan-demo","messages":[1]}""", "messages[0]")]
    [InlineData("""{"model":"jan-demo","messages":[{"content":"hi"}]}""", "messages[0].role")]
    [InlineData("""{"model":"jan-demo","messages":[{"role":"robot","content":"hi"}]}""", "messages[0].role")]
    [InlineData("""{"model":"jan-demo","messages":[{"role":"user"}]}""", "messages[0].content")]
    [InlineData("""{"model":"jan-demo","messages":[{"role":"user","content":[]}]}""", "messages[0].content")]
    [InlineData("""{"model":"jan-demo","messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"smell"}]}]}""", "messages[0].content[1]")]
    [InlineData("""{"model":"jan-demo","messages":[{"role":"user","content":[{"type":"image_url"}]}]}""", "messages[0].content[0].image_url")]
    [InlineData("""{"model":"jan-demo","messages":[{"role":"tool","content":"x"}]}""", "messages[0].tool_call_id")]
    [InlineData("""{"model":"jan-demo","messages":[{"role":"tool","tool_call_id":"call_1","content":"x"}]}""", "messages[0].tool_call_id")]
    [InlineData("""{"model":"jan-demo","messages":[{"role":"assistant"}]}""", "messages[0].content")]
    [InlineData("[]", "body")]
    public async Task A_bad_message_or_model_is_named(string body, string param) => await RefusedAsync(body, param);

    [Theory]
    [InlineData("\"temperature\":2.5", "temperature")]
    [InlineData("\"temperature\":\"hot\"", "temperature")]
    [InlineData("\"top_p\":-0.1", "top_p")]
    [InlineData("\"presence_penalty\":3", "presence_penalty")]
    [InlineData("\"frequency_penalty\":-3", "frequency_penalty")]
    [InlineData("\"n\":0", "n")]
    [InlineData("\"n\":9", "n")]
    [InlineData("\"max_tokens\":0", "max_tokens")]
    [InlineData("\"max_completion_tokens\":1.5", "max_completion_tokens")]
    [InlineData("\"seed\":\"x\"", "seed")]
    [InlineData("\"stream\":\"yes\"", "stream")]
    [InlineData("\"stream_options\":{\"include_usage\":true}", "stream_options")]
    [InlineData("\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]", "stop")]
    [InlineData("\"stop\":[\"a\",1]", "stop[1]")]
    [InlineData("\"logprobs\":true", "logprobs")]
    [InlineData("\"top_logprobs\":3", "top_logprobs")]
    [InlineData("\"functions\":[]", "functions")]
    [InlineData("\"modalities\":[\"audio\"]", "modalities")]
    [InlineData("\"tools\":{}", "tools")]
    [InlineData("\"tools\":[{\"type\":\"function\"}]", "tools[0].function")]
    [InlineData("\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"x\"}}]", "tools[0].type")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a b\"}}]", "tools[0].function.name")]
    [InlineData("\"tool_choice\":\"required\"", "tool_choice")]
    [InlineData("\"tool_choice\":\"perhaps\"", "tool_choice")]
    [InlineData("\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"nope\"}}", "tool_choice.function.name")]
    [InlineData("\"tool_choice\":{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"auto\",\"tools\":[]}}", "tool_choice.allowed_tools.tools")]
    [InlineData("\"parallel_tool_calls\":1", "parallel_tool_calls")]
    [InlineData("\"response_format\":{\"type\":\"yaml\"}", "response_format.type")]
    [InlineData("\"response_format\":{\"type\":\"json_schema\"}", "response_format.json_schema")]
    [InlineData("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\"}}", "response_format.json_schema.schema")]
    public async Task A_bad_field_is_named(string field, string param) =>
        await RefusedAsync($$"""{"model":"jan-demo",{{Hi}},{{field}}}""", param);

    private async Task RefusedAsync(string body, string param)
    {
        var answer = await engine.PostAsync("/v1/chat/completions", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(param, answer.Error.GetProperty("param").GetString());
        Assert.Equal("invalid_request_error", answer.Error.GetProperty("type").GetString());
    }

    [Fact]
    public async Task Fields_that_the_engine_does_not_know_are_ignored()
    {
        var answer = await engine.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"jan-demo",{{Hi}},"top_k":5,"min_p":0.1,"chat_template_kwargs":{} }""");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task Null_means_absent()
    {
        var answer = await engine.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"jan-demo",{{Hi}},"temperature":null,"stop":null,"tools":null,"tool_choice":null,"response_format":null,"seed":null}""");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task An_unknown_model_is_not_found()
    {
        var answer = await engine.PostAsync("/v1/chat/completions", $$"""{"model":"gpt-9",{{Hi}}}""");

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal("model_not_found", answer.Error.GetProperty("code").GetString());
        Assert.Equal("model", answer.Error.GetProperty("param").GetString());
    }

    [Fact]
    public async Task The_embedder_does_not_chat()
    {
        var answer = await engine.PostAsync("/v1/chat/completions", $$"""{"model":"jan-demo-embed",{{Hi}}}""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("model", answer.Error.GetProperty("param").GetString());
    }

    [Fact]
    public async Task Malformed_json_is_a_400_in_the_envelope()
    {
        var answer = await engine.PostAsync("/v1/chat/completions", "{\"model\"");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("invalid_json", answer.Error.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_prompt_beyond_the_context_is_refused()
    {
        using var small = EngineHost.With(("Inference:Demo:ContextLength", "256"));
        var answer = await small.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"jan-demo","messages":[{"role":"user","content":"{{string.Concat(Enumerable.Repeat("word ", 300))}}"}]}""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("context_length_exceeded", answer.Error.GetProperty("code").GetString());
    }
}
