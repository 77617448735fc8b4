using System.Net.Http.Json;
using System.Text.Json.Nodes;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests.Reasoning;

public class ReasoningFormatTests(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    private const string Text = "<think>why</think>because";

    [Fact]
    public async Task The_catalogue_can_say_that_a_models_tags_are_no_reasoning()
    {
        Assert.Equal("because", await ContentAsync());

        using var admin = api.ClientFor(TestCallers.Admin());
        await Eventually.Succeeds(async () =>
        {
            using var patched = await admin.PatchAsJsonAsync(
                new Uri("/v1/admin/models/catalogs/vendor/model", UriKind.Relative), new { reasoning_format = "none" });
            Assert.True(patched.IsSuccessStatusCode, await patched.Content.ReadAsStringAsync());
        });
        await Eventually.Succeeds(async () => Assert.Equal(Text, await ContentAsync()));
    }

    private async Task<string?> ContentAsync()
    {
        api.Upstream.NextChat(x => x.JsonAsync(OpenAIShapes.Completion(Text)));
        using var client = api.Client();
        using var response = await client.ChatAsync();
        return (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["choices"]![0]!["message"]!["content"];
    }
}
