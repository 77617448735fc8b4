using System.Net;
using System.Text.Json;
using JanServer.ResponseApi.Tests.Fixtures;
using JanServer.Testing.Identity;

namespace JanServer.ResponseApi.Tests.Compaction;

public sealed class CompactionTests(ResponseService service) : IClassFixture<ResponseService>
{
    [Fact]
    public async Task A_conversation_becomes_an_item_that_only_its_owner_can_use()
    {
        using var client = service.ClientFor(TestCallers.User());
        using var other = service.ClientFor(TestCallers.User());
        service.Llm.Says("They want tea.");

        var compacted = await client.SendAsync("/v1/responses/compact", new { model = "m", input = "I want tea, not coffee" }).JsonAsync();

        Assert.Equal("response.compaction", compacted.Text("object"));
        var output = compacted.GetProperty("output").EnumerateArray().ToList();
        Assert.Equal(["message", "compaction"], output.Select(item => item.Text("type")));
        Assert.DoesNotContain("tea", output[1].Text("encrypted_content"), StringComparison.Ordinal);
        Assert.True(compacted.GetProperty("usage").GetProperty("total_tokens").GetInt64() > 0);

        service.Llm.Says("Tea!");
        var input = output.Append(JsonElement.Parse("""{"type":"message","role":"user","content":"What do I want?"}""")).ToArray();
        await client.RespondAsync(new { model = "m", input }).JsonAsync();
        Assert.Contains("They want tea.", service.Llm.Requests.Last().Text, StringComparison.Ordinal);
        await other.RespondAsync(new { model = "m", input }).ErrorAsync(HttpStatusCode.BadRequest, "input[1].encrypted_content");
    }

    [Fact]
    public async Task A_model_that_fails_is_an_error()
    {
        using var client = service.ClientFor(TestCallers.User());
        service.Llm.NextChat(exchange => exchange.ErrorAsync(404, "model_not_found", "No such model."));

        await client.SendAsync("/v1/responses/compact", new { model = "m", input = "x" }).JsonAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Tokens_are_counted_without_a_model()
    {
        using var client = service.ClientFor(TestCallers.User());

        var little = await client.SendAsync("/v1/responses/input_tokens", new { input = "Hi" }).JsonAsync();
        var more = await client.SendAsync("/v1/responses/input_tokens", new { model = "m", input = "Hi", instructions = "Answer in one word, please." }).JsonAsync();

        Assert.Equal("response.input_tokens", little.Text("object"));
        // Three around the message and three before the answer, "user" and "Hi".
        Assert.Equal(8, little.GetProperty("input_tokens").GetInt32());
        Assert.True(more.GetProperty("input_tokens").GetInt32() > little.GetProperty("input_tokens").GetInt32());
        await client.SendAsync("/v1/responses/input_tokens", new { model = "m", input = 3 }).ErrorAsync(HttpStatusCode.BadRequest, "input");
    }
}
