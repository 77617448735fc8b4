using System.Net;
using System.Text.Json;

namespace JanServer.Inference.Tests.Models;

public sealed class ModelTests(EngineHost engine) : IClassFixture<EngineHost>
{
    [Fact]
    public async Task The_list_has_both_models_and_their_cards_say_what_they_are()
    {
        using var client = engine.CreateClient();
        var list = JsonElement.Parse(await client.GetStringAsync(new Uri("/v1/models", UriKind.Relative)));

        Assert.Equal("list", list.GetProperty("object").GetString());
        var models = list.GetProperty("data").EnumerateArray().ToArray();
        Assert.Equal(["jan-demo", "jan-demo-embed", "jan-demo-image"], models.Select(model => model.GetProperty("id").GetString()!));
        Assert.All(models, model =>
        {
            Assert.Equal("model", model.GetProperty("object").GetString());
            Assert.Equal("jan", model.GetProperty("owned_by").GetString());
        });
        Assert.Contains("not a language model", models[0].GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Contains("lexical", models[1].GetProperty("description").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jan-demo", HttpStatusCode.OK)]
    [InlineData("jan-demo-embed", HttpStatusCode.OK)]
    [InlineData("gpt-9", HttpStatusCode.NotFound)]
    public async Task A_model_is_found_by_its_id(string id, HttpStatusCode expected)
    {
        using var client = engine.CreateClient();
        using var answer = await client.GetAsync(new Uri($"/v1/models/{id}", UriKind.Relative));

        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/health")]
    public async Task The_probes_answer(string path)
    {
        using var client = engine.CreateClient();
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
