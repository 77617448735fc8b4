using System.Net.Http.Json;
using System.Text.Json;
using JanServer.AppHost.Tests.WholeSystem;
using JanServer.Testing.Requirements;
using JanServer.Testing.Streams;

namespace JanServer.AppHost.Tests.Agents;

/// <summary>What a user sees who asks the first-run model for work that takes tools, with nothing but an HTTP client.</summary>
[Collection(SharedSystem.Name)]
public sealed class AgentTests(JanServerSystem system)
{
    private const string Task = "Search the web for otters, then run python ```print(6 * 7)```";

    [SandboxFact]
    public async Task Every_step_of_search_then_python_is_streamed_as_it_happens()
    {
        using var user = system.Client(await system.GuestTokenAsync());

        var events = await StreamAsync(user, new
        {
            model = "jan-demo",
            input = Task,
            tools = new object[] { new { type = "web_search" }, new { type = "code_interpreter", container = new { type = "auto" } } },
            stream = true,
        });

        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(e => e.GetProperty("sequence_number").GetInt32()));
        var types = events.ConvertAll(e => e.GetProperty("type").GetString()!);
        Assert.Equal("response.created", types[0]);
        AssertInOrder(
            types,
            "response.web_search_call.in_progress",
            "response.web_search_call.completed",
            "response.code_interpreter_call.in_progress",
            "response.code_interpreter_call.completed",
            "response.output_text.delta",
            "response.completed");
        var response = events[^1].GetProperty("response");
        Assert.Equal("completed", response.GetProperty("status").GetString());
        Assert.Contains("Otters hold hands", TextOf(response), StringComparison.Ordinal);
        Assert.Contains("42", TextOf(response), StringComparison.Ordinal);
        Assert.All(
            response.GetProperty("tool_executions").EnumerateArray(),
            execution => Assert.Equal("completed", execution.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task An_answer_is_kept_and_remembered_and_deleted()
    {
        using var user = system.Client(await system.GuestTokenAsync());
        using var stranger = system.Client(await system.GuestTokenAsync());

        var first = await CreateAsync(user, new { model = "jan-demo", input = "My name is Ada." });
        var id = first.GetProperty("id").GetString()!;
        var second = await CreateAsync(user, new { model = "jan-demo", input = "What is my name?", previous_response_id = id });
        Assert.Contains("Ada", TextOf(second), StringComparison.Ordinal);

        Assert.Equal(id, (await GetAsync(user, $"/v1/responses/{id}")).GetProperty("id").GetString());
        using var foreign = await stranger.GetAsync(new Uri($"/v1/responses/{id}", UriKind.Relative));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, foreign.StatusCode);
        using var deleted = await user.DeleteAsync(new Uri($"/v1/responses/{id}", UriKind.Relative));
        Assert.True((await JanServerSystem.ReadAsync(deleted)).GetProperty("deleted").GetBoolean());
        using var gone = await user.GetAsync(new Uri($"/v1/responses/{id}", UriKind.Relative));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task A_conversation_is_one_for_chat_and_for_responses()
    {
        using var user = system.Client(await system.GuestTokenAsync());
        using var made = await user.PostAsJsonAsync("/v1/conversations", new { });
        var conversation = (await JanServerSystem.ReadAsync(made)).GetProperty("id").GetString()!;

        await CreateAsync(user, new { model = "jan-demo", input = "My name is Ada.", conversation });
        var answer = await CreateAsync(user, new { model = "jan-demo", input = "What is my name?", conversation });

        Assert.Contains("Ada", TextOf(answer), StringComparison.Ordinal);
        var items = await GetAsync(user, $"/v1/conversations/{conversation}/items?order=asc");
        Assert.Equal(4, items.GetProperty("data").GetArrayLength());
    }

    internal static async Task<JsonElement> CreateAsync(HttpClient user, object request)
    {
        using var answer = await user.PostAsJsonAsync("/v1/responses", request);
        return await JanServerSystem.ReadAsync(answer);
    }

    internal static async Task<JsonElement> GetAsync(HttpClient user, string path)
    {
        using var answer = await user.GetAsync(new Uri(path, UriKind.Relative));
        return await JanServerSystem.ReadAsync(answer);
    }

    internal static async Task<List<JsonElement>> StreamAsync(HttpClient user, object request)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "/v1/responses") { Content = JsonContent.Create(request) };
        using var answer = await user.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(answer.IsSuccessStatusCode, answer.IsSuccessStatusCode ? "" : await answer.Content.ReadAsStringAsync());
        using var reader = await SseReader.OpenAsync(answer);
        return [.. (await reader.RestAsync()).Where(e => !e.IsDone).Select(e => JsonElement.Parse(e.Data))];
    }

    internal static string TextOf(JsonElement response) => string.Concat(
        response.GetProperty("output").EnumerateArray()
            .Where(item => item.GetProperty("type").GetString() == "message")
            .SelectMany(item => item.GetProperty("content").EnumerateArray())
            .Select(part => part.GetProperty("text").GetString()));

    private static void AssertInOrder(List<string> types, params string[] expected)
    {
        var position = -1;
        foreach (var type in expected)
        {
            position = types.IndexOf(type, position + 1);
            Assert.True(position >= 0, $"{type} is missing, or too early, in {string.Join(", ", types)}");
        }
    }
}
