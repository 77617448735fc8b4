using JanServer.McpTools.Tests.Tools;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tests.Images;

public sealed class ImageToolTests(ToolService service) : IClassFixture<ToolService>
{
    private const string Generations = "/v1/images/generations";
    private const string Edits = "/v1/images/edits";
    private const string Png = "iVBORw0KGgoAAAA=";

    private readonly Caller _caller = TestCallers.User();

    [Fact]
    public async Task An_image_comes_as_a_link_that_clients_can_follow()
    {
        Started().LlmApi.Next(Generations, exchange => exchange.JsonAsync(
            """{"created":1,"data":[{"id":"jan_1","url":"https://jan.example.test/1","revised_prompt":"A cat."}],"usage":{"total_tokens":3}}"""));

        var result = await Started().CallAsync("generate_image", """{"prompt":"a cat","size":"512x512","lora":"x","style":null}""", _caller);
        var asked = Asked(Generations);

        Assert.Equal("""{"prompt":"a cat","size":"512x512","lora":"x","response_format":"url"}""", asked.Text);
        Assert.NotNull(asked.Header(CallerTokens.HeaderName));
        Assert.Equal("jan_1", result.StructuredContent!.Value.GetProperty("data")[0].GetProperty("id").GetString());
        var link = Assert.IsType<ResourceLinkBlock>(result.Content[1]);
        Assert.Equal(("https://jan.example.test/1", "jan_1", "A cat."), (link.Uri, link.Name, link.Description));
    }

    [Fact]
    public async Task An_image_that_could_not_be_stored_comes_itself_and_not_as_text()
    {
        Started().LlmApi.Next(Generations, exchange => exchange.JsonAsync($$"""{"created":1,"data":[{"b64_json":"{{Png}}"}]}"""));

        var result = await Started().CallAsync("generate_image", """{"prompt":"a cat"}""", _caller);

        var image = Assert.IsType<ImageContentBlock>(result.Content[1]);
        Assert.Equal("image/png", image.MimeType);
        Assert.Equal(Convert.FromBase64String(Png), image.DecodedData.ToArray());
        Assert.DoesNotContain(Png, result.StructuredContent!.Value.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"jan_1\"")]
    [InlineData("""{"id":"jan_1"}""")]
    [InlineData("""{"url":"https://a.test/1.png"}""")]
    [InlineData("""{"b64_json":"iVBORw0KGgoAAAA="}""")]
    public async Task An_edit_starts_from_an_image_in_any_form(string image)
    {
        Started().LlmApi.Next(Edits, exchange => exchange.JsonAsync("""{"created":1,"data":[{"id":"jan_2","url":"https://jan.example.test/2"}]}"""));

        await Started().AnswerAsync("edit_image", $$"""{"prompt":"blue","image":{{image}},"mask":null,"steps":20}""", _caller);

        Assert.Equal($$"""{"prompt":"blue","image":{{image}},"steps":20,"response_format":"url"}""", Asked(Edits).Text);
    }

    [Theory]
    [InlineData(400, "not accepted. Said.")]
    [InlineData(403, "may not make images")]
    [InlineData(404, "was not found")]
    [InlineData(429, "A limit is reached")]
    [InlineData(502, "status 502")]
    [InlineData(504, "did not answer in time")]
    public async Task A_failure_says_what_its_status_means(int status, string meaning)
    {
        Started().LlmApi.Next(Generations, exchange => exchange.ErrorAsync(status, "x", "Said."));

        var result = await Started().CallAsync("generate_image", """{"prompt":"a cat"}""", _caller);

        Assert.True(result.IsError);
        Assert.Contains(meaning, result.Text(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"data":[]}""")]
    [InlineData("""{"data":[{"b64_json":"!"}]}""")]
    [InlineData("no json")]
    public async Task An_answer_without_images_is_a_failure(string answer)
    {
        Started().LlmApi.Next(Generations, exchange => exchange.AnswerAsync(answer, "application/json"));

        Assert.True((await Started().CallAsync("generate_image", """{"prompt":"a cat"}""", _caller)).IsError);
    }

    [Theory]
    [InlineData("generate_image", """{"size":"1024x1024"}""")]
    [InlineData("generate_image", """{"prompt":"a","size":"large"}""")]
    [InlineData("generate_image", """{"prompt":"a","n":0}""")]
    [InlineData("edit_image", """{"prompt":"a"}""")]
    [InlineData("edit_image", """{"prompt":"a","image":{"path":"/etc/passwd"}}""")]
    public async Task Arguments_are_checked(string tool, string arguments) =>
        await Assert.ThrowsAsync<McpProtocolException>(() => Started().CallAsync(tool, arguments, _caller));

    [Fact]
    public async Task What_is_switched_off_by_configuration_says_so()
    {
        await using var other = new ToolService { ["MCP_ENABLE_IMAGE_EDIT"] = "false" };
        await other.InitializeAsync();
        other.Start();

        var listed = await other.Catalogue.ListAsync(_caller, CancellationToken.None);

        Assert.Contains(listed, tool => tool.Name == "generate_image");
        Assert.DoesNotContain(listed, tool => tool.Name == "edit_image");
        Assert.True((await other.CallAsync("edit_image", """{"prompt":"a","image":"jan_1"}""", _caller)).IsError);
    }

    private ToolService Started()
    {
        service.Start();
        return service;
    }

    private RecordedRequest Asked(string path) => service.LlmApi.Requests.Last(request => request.Path == path);
}
