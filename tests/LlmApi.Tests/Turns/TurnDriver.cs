using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.Contracts.Ids;
using JanServer.LlmApi.Conversations;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests.Turns;

/// <summary>A new user who chats within conversations, and what the database has of it.</summary>
internal sealed class TurnDriver
{
    private readonly LlmApiFactory _api;

    public TurnDriver(LlmApiFactory api)
    {
        _api = api;
        Client = api.ClientFor(Caller);
    }

    public Caller Caller { get; } = TestCallers.User();

    public HttpClient Client { get; }

    public Guid GuidOf(string id) => Id<Conversation>.Parse(id).Value;

    /// <summary>Asks with messages such as <c>user:hi</c>; the model answers <paramref name="answer"/>.</summary>
    public Task<JsonNode> AsksAsync(string[] messages, string answer, string? conversation = null, string query = "")
    {
        _api.Upstream.NextChat(x => x.JsonAsync(OpenAIShapes.Completion(answer)));
        return SendAsync(
            JsonSerializer.Serialize(messages.Select(message => message.Split(':', 2)).Select(pair => new { role = pair[0], content = pair[1] })),
            conversation,
            query: query);
    }

    /// <summary>Begins a conversation; its id.</summary>
    public async Task<string> BeginsAsync(string question, string answer) =>
        (string)(await AsksAsync([$"user:{question}"], answer, "\"\""))["conversation"]!["id"]!;

    public async Task<JsonNode> SendAsync(string messages, string? conversation, string query = "", string more = "")
    {
        var named = conversation is null ? "" : $",\"conversation\":{conversation}";
        using var content = LlmApiRequests.Json($$"""{"model":"vendor/model"{{named}}{{more}},"messages":{{messages}}}""");
        using var response = await Client.PostAsync(new Uri("/v1/chat/completions" + query, UriKind.Relative), content);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonNode.Parse(body)!;
    }

    /// <summary>The items of the active branch in order, as <c>role:text:status</c>.</summary>
    public Task<List<string>> ItemsAsync(string conversation) => ColumnAsync(
        conversation,
        "i.role || ':' || coalesce((SELECT string_agg(part ->> 'text', '') FROM json_array_elements(i.content) AS part), '') || ':' || coalesce(i.status, '')",
        "true");

    /// <summary>An expression over the items of the active branch in order.</summary>
    public async Task<List<string>> ColumnAsync(string conversation, string expression, string condition)
    {
        await using var command = _api.Database.DataSource.CreateCommand(
            $"""
            SELECT {expression}
            FROM conversations AS c
            JOIN conversation_branches AS b ON b.conversation_id = c.id AND b.name = c.active_branch
            JOIN conversation_branch_items AS m ON m.branch_id = b.id
            JOIN conversation_items AS i ON i.id = m.item_id
            WHERE c.id = $1 AND {condition}
            ORDER BY m.position
            """);
        command.Parameters.Add(new() { Value = GuidOf(conversation) });
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync())
        {
            values.Add(reader.GetString(0));
        }

        return values;
    }

    public Task<long> CountConversationsAsync(string condition = "true") => _api.Database.ScalarAsync<long>(
        $"SELECT count(*) FROM conversations WHERE user_id = '{Caller.UserId.Value}' AND {condition}");
}
