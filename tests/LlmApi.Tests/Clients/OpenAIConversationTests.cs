using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json.Nodes;
using JanServer.Testing.Identity;
using OpenAI;
using OpenAI.Conversations;

namespace JanServer.LlmApi.Tests.Clients;

#pragma warning disable OPENAI001 // The client of conversations is a preview; what it sends is the released API.

/// <summary>OpenAI's own client of conversations for C#.</summary>
public class OpenAIConversationTests(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    [Fact]
    public async Task It_makes_reads_changes_and_deletes_a_conversation_with_items()
    {
        var client = Client();
        var made = Json(await client.CreateConversationAsync(Body("""
            {"metadata":{"topic":"demo"},"items":[{"type":"message","role":"user","content":"Hello!"}]}
            """)));
        var id = made["id"]!.GetValue<string>();

        var added = Json(await client.CreateConversationItemsAsync(id, Body("""
            {"items":[
              {"type":"message","role":"user","content":[{"type":"input_text","text":"How are you?"}]},
              {"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},
              {"type":"function_call_output","call_id":"c1","output":"fine"}]}
            """)));
        Assert.Equal(3, added["data"]!.AsArray().Count);

        // Pages are followed by the last id.
        var texts = new List<string>();
        await foreach (var page in client.GetConversationItemsAsync(id, limit: 2, order: "asc").GetRawPagesAsync())
        {
            texts.AddRange(JsonNode.Parse(page.GetRawResponse().Content)!["data"]!.AsArray().Select(item => item!["type"]!.GetValue<string>()));
        }

        Assert.Equal(["message", "message", "function_call", "function_call_output"], texts);

        var call = added["data"]![1]!["id"]!.GetValue<string>();
        Assert.Equal("c1", Json(await client.GetConversationItemAsync(id, call))["call_id"]!.GetValue<string>());
        var left = Json(await client.DeleteConversationItemAsync(id, call));
        Assert.Equal((id, "conversation"), (left["id"]!.GetValue<string>(), left["object"]!.GetValue<string>()));

        ConversationResource changed = await client.UpdateConversationAsync(id, new ConversationUpdateOptions(new Dictionary<string, string> { ["topic"] = "x" }));
        Assert.Equal("x", changed.Metadata["topic"]);
        ConversationResource read = await client.GetConversationAsync(id);
        Assert.Equal((id, "x"), (read.Id, read.Metadata["topic"]));
        var deleted = await client.DeleteConversationAsync(id);
        Assert.True(JsonNode.Parse(deleted.GetRawResponse().Content)!["deleted"]!.GetValue<bool>());
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => client.GetConversationAsync(id))).Status);
    }

    private static BinaryContent Body(string json) => BinaryContent.Create(BinaryData.FromString(json));

    private static JsonNode Json(ClientResult result) => JsonNode.Parse(result.GetRawResponse().Content)!;

    private ConversationClient Client()
    {
        var http = api.ClientFor(TestCallers.User());
        var options = new OpenAIClientOptions
        {
            Endpoint = new Uri(http.BaseAddress!, "v1"),
            Transport = new HttpClientPipelineTransport(http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        };
        return new OpenAIClient(new ApiKeyCredential("unused"), options).GetConversationClient();
    }
}
