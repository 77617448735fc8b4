using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using JanServer.LlmApi.Prompts;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests.Prompts;

/// <summary>With modules off, as they are unless told.</summary>
public class ProjectInstructionTests(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    [Fact]
    public async Task The_instruction_of_the_conversations_project_reaches_the_model_exactly_once()
    {
        var caller = TestCallers.User();
        using var client = api.ClientFor(caller);
        using var made = await client.PostAsJsonAsync("/v1/projects", new { name = "folder", instruction = "Speak like a pirate." });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var (_, answer, _) = await ChatAsync(client, """{"model":"vendor/model","messages":[{"role":"user","content":"hi"}],"conversation":""}""");
        var conversation = answer["conversation"]!["id"]!.GetValue<string>();
        var changed = await api.Database.ExecuteAsync(
            $"UPDATE conversations SET folder_id = (SELECT id FROM conversation_projects WHERE user_id = '{caller.UserId.Value}') WHERE user_id = '{caller.UserId.Value}'");
        Assert.Equal(1, changed);

        var body = $$"""{"model":"vendor/model","messages":[{"role":"system","content":"OWN"},{"role":"user","content":"hi"}],"conversation":"{{conversation}}"}""";
        var (sent, _, headers) = await ChatAsync(client, body);
        Assert.Equal("project_instruction", headers.GetValues(PreparedRequest.AppliedHeader).Single());
        Assert.Equal(2, sent["messages"]!.AsArray().Count);
        var system = sent["messages"]![0]!["content"]!.GetValue<string>();
        Assert.EndsWith("\nSpeak like a pirate.\n\nOWN", system, StringComparison.Ordinal);
        Assert.Equal(system.IndexOf("pirate", StringComparison.Ordinal), system.LastIndexOf("pirate", StringComparison.Ordinal));

        (sent, _, headers) = await ChatAsync(client, body[..^1] + ""","disable_modules":["project_instruction"]}""");
        Assert.Equal("OWN", sent["messages"]![0]!["content"]!.GetValue<string>());
        Assert.False(headers.Contains(PreparedRequest.AppliedHeader));
    }

    private async Task<(JsonNode Sent, JsonNode Answer, System.Net.Http.Headers.HttpResponseHeaders Headers)> ChatAsync(HttpClient client, string body)
    {
        RecordedRequest? asked = null;
        api.Upstream.NextChat(x =>
        {
            asked = x.Request;
            return x.JsonAsync(OpenAIShapes.Completion("ahoy"));
        });
        using var response = await client.ChatAsync(body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (asked!.Json, JsonNode.Parse(await response.Content.ReadAsStringAsync())!, response.Headers);
    }
}
