using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using JanServer.Contracts.Ids;
using JanServer.LlmApi.Conversations;
using JanServer.LlmApi.Conversations.Branches;
using JanServer.LlmApi.Conversations.Items;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Identity;

namespace JanServer.LlmApi.Tests.Shares;

/// <summary>A user with one conversation, who shares it.</summary>
internal sealed class SharedTalk : IDisposable
{
    private readonly LlmApiFactory _api;

    private SharedTalk(LlmApiFactory api, Caller caller)
    {
        _api = api;
        Caller = caller;
        Client = api.ClientFor(caller);
    }

    public Caller Caller { get; }

    public HttpClient Client { get; }

    public Id<Conversation> Id { get; } = Id<Conversation>.New(TimeProvider.System);

    public static async Task<SharedTalk> StartAsync(LlmApiFactory api, string? title = null, Caller? caller = null, string metadata = "{}")
    {
        var talk = new SharedTalk(api, caller ?? TestCallers.User());
        await using var command = api.Database.DataSource.CreateCommand(
            """
            WITH c AS (
                INSERT INTO conversations (id, user_id, organization_id, project_id, title, metadata, created_at, updated_at)
                VALUES ($1, $2, $3, $4, $5, $6::jsonb, now(), now()) RETURNING id)
            INSERT INTO conversation_branches (id, conversation_id, name, created_at, updated_at)
            SELECT gen_random_uuid(), c.id, name, now(), now() FROM c, unnest(ARRAY['MAIN', 'draft']) AS name
            """);
        object[] values =
        [
            talk.Id.Value,
            talk.Caller.UserId.Value,
            talk.Caller.OrganizationId.Value,
            talk.Caller.ProjectId.Value,
            title ?? (object)DBNull.Value,
            metadata,
        ];
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        await command.ExecuteNonQueryAsync();
        return talk;
    }

    public Task<Id<ConversationItem>> UserAsync(string text) => SayAsync("user", ContentBuilder.Text("input_text", text));

    public Task<Id<ConversationItem>> AssistantAsync(string text, string? status = "completed") =>
        SayAsync("assistant", ContentBuilder.Text("output_text", text), status: status);

    public async Task<Id<ConversationItem>> SayAsync(
        string? role, string? content, string type = "message", string? status = "completed", string? branch = null, Func<ConversationItem, ConversationItem>? with = null)
    {
        var item = new ConversationItem
        {
            Id = Id<ConversationItem>.New(TimeProvider.System),
            ConversationId = Id,
            Type = type,
            Role = role,
            Status = status,
            Content = content,
            CreatedAt = TimeProvider.System.GetUtcNow(),
        };
        item = with?.Invoke(item) ?? item;
        await using var connection = await _api.Database.DataSource.OpenConnectionAsync();
        Id<Branch>? id = branch is null ? null : new(await _api.Database.ScalarAsync<Guid>(
            $"SELECT id FROM conversation_branches WHERE conversation_id = '{Id.Value}' AND name = '{branch}'"));
        var places = await ItemAppend.AppendAsync(connection, [new(Id, [item], id)], TimeProvider.System.GetUtcNow(), CancellationToken.None);
        Assert.Single(places);
        return item.Id;
    }

    public Task<HttpResponseMessage> ShareAsync(object body, string query = "") =>
        Client.PostAsJsonAsync(new Uri($"/v1/conversations/{Id}/share{query}", UriKind.Relative), body);

    /// <summary>Shares and expects that to work.</summary>
    public async Task<JsonNode> SharedAsync(object? body = null)
    {
        using var response = await ShareAsync(body ?? new { scope = "conversation" });
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    /// <summary>What the public reads.</summary>
    public async Task<JsonNode> ReadAsync(JsonNode share)
    {
        using var response = await OpenAsync(share);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!["snapshot"]!;
    }

    public async Task<HttpResponseMessage> OpenAsync(JsonNode share, HttpMethod? method = null, string? known = null)
    {
        using var client = _api.Anonymous();
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri($"/v1/public/shares/{share["slug"]}", UriKind.Relative));
        if (known is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", known);
        }

        return await client.SendAsync(request);
    }

    public static string[] Texts(JsonNode snapshot) =>
        [.. snapshot["items"]!.AsArray().Select(item => item!["content"]?[0]?["text"]?.GetValue<string>() ?? item["type"]!.GetValue<string>())];

    public void Dispose() => Client.Dispose();
}
