using System.Net;
using System.Text.Json.Nodes;
using JanServer.LlmApi.Projects;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Identity;

namespace JanServer.LlmApi.Tests.Conversations;

public class ConversationTests(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    [Fact]
    public async Task A_conversation_is_made_changed_and_deleted()
    {
        using var ann = new Talk(api);
        var made = await ann.PostAsync("", """{"title":"  My \n plan ","metadata":{"topic":"x"},"referrer":"web"}""");
        var id = made.Text("id");
        Assert.StartsWith("conv_", id, StringComparison.Ordinal);
        Assert.Equal(("conversation", "My plan", "web", "MAIN"), (made.Text("object"), made.Text("title"), made.Text("referrer"), made.Text("active_branch")));
        Assert.Equal("x", made["metadata"]!.Text("topic"));
        Assert.True(made["created_at"]!.GetValue<long>() > 1_700_000_000);

        var changed = await ann.PostAsync($"/{id}", """{"title":"Another"}""");
        Assert.Equal("Another", changed.Text("title"));
        Assert.Equal("x", changed["metadata"]!.Text("topic"));

        changed = await ann.PostAsync($"/{id}", """{"metadata":{"y":"1"}}""");
        Assert.Equal("""{"y":"1"}""", changed["metadata"]!.ToJsonString());
        Assert.Equal("Another", changed.Text("title"));

        changed = await ann.PostAsync($"/{id}", """{"title":"   "}""");
        Assert.Equal("Another", changed.Text("title"));
        changed = await ann.PostAsync($"/{id}", """{"title":null,"referrer":null,"metadata":null}""");
        Assert.Null(changed["title"]);
        Assert.Null(changed["referrer"]);
        Assert.Equal("{}", changed["metadata"]!.ToJsonString());

        var deleted = await ann.DeleteAsync($"/{id}");
        Assert.Equal((id, "conversation.deleted", true), (deleted.Text("id"), deleted.Text("object"), deleted["deleted"]!.GetValue<bool>()));
        (await ann.SendAsync(HttpMethod.Get, $"/{id}")).IsRefused(HttpStatusCode.NotFound);
        (await ann.SendAsync(HttpMethod.Delete, $"/{id}")).IsRefused(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task It_may_be_made_of_nothing()
    {
        using var ann = new Talk(api);
        var (status, made) = await ann.SendAsync(HttpMethod.Post, "");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("{}", made["metadata"]!.ToJsonString());
        made = await ann.PostAsync("", """{"items":null,"metadata":null,"title":"new conversation"}""");
        Assert.Null(made["title"]);
    }

    [Theory]
    [InlineData("""{"metadata":{"a":1}}""", "metadata.a")]
    [InlineData("""{"metadata":{"a":null}}""", "metadata.a")]
    [InlineData("""{"metadata":{"":"x"}}""", "metadata")]
    [InlineData("""{"metadata":[]}""", "metadata")]
    [InlineData("""{"metadata":{"a":"\u0000"}}""", "metadata.a")]
    [InlineData("""{"referrer":""}""", "referrer")]
    [InlineData("""{"referrer":"a\u0000"}""", "referrer")]
    [InlineData("""{"title":"a\u0000"}""", "title")]
    [InlineData("""{"title":7}""", "title")]
    [InlineData("""{"project_id":"conv_x"}""", "project_id")]
    public async Task What_is_bad_is_named(string body, string param)
    {
        using var ann = new Talk(api);
        (await ann.SendAsync(HttpMethod.Post, "", body)).IsRefused(HttpStatusCode.BadRequest, param);
        var id = await ann.StartAsync();
        (await ann.SendAsync(HttpMethod.Post, $"/{id}", body)).IsRefused(HttpStatusCode.BadRequest, param);
    }

    [Fact]
    public async Task Metadata_are_few_and_short()
    {
        using var ann = new Talk(api);
        var many = new JsonObject(Enumerable.Range(0, 17).Select(n => KeyValuePair.Create($"k{n}", (JsonNode?)"v")));
        (await ann.SendAsync(HttpMethod.Post, "", $$"""{"metadata":{{many}}}""")).IsRefused(HttpStatusCode.BadRequest, "metadata");
        (await ann.SendAsync(HttpMethod.Post, "", $$$"""{"metadata":{"k":"{{{new string('x', 513)}}}"}}""")).IsRefused(HttpStatusCode.BadRequest, "metadata.k");
        var fits = string.Concat(Enumerable.Repeat("\U0001F600", 512));
        var made = await ann.PostAsync("", $$$"""{"metadata":{"k":"{{{fits}}}"}}""");
        Assert.Equal(fits, made["metadata"]!.Text("k"));
    }

    [Fact]
    public async Task Nobody_else_sees_it()
    {
        var caller = TestCallers.User();
        using var ann = new Talk(api, caller);
        var id = await ann.StartAsync("hi", "hello");
        var item = (await ann.SaidAsync(id))[0].Id;
        var elsewhere = caller with { ProjectId = TestCallers.User().ProjectId };
        foreach (var stranger in new[] { TestCallers.User("bob"), TestCallers.Admin(), elsewhere })
        {
            using var bob = new Talk(api, stranger);
            (HttpMethod Method, string Path, string? Body)[] requests =
            [
                (HttpMethod.Get, "", null),
                (HttpMethod.Post, "", """{"title":"mine"}"""),
                (HttpMethod.Delete, "", null),
                (HttpMethod.Get, "/items", null),
                (HttpMethod.Post, "/items", """{"items":[{"role":"user","content":"x"}]}"""),
                (HttpMethod.Get, $"/items/{item}", null),
                (HttpMethod.Delete, $"/items/{item}", null),
                (HttpMethod.Post, $"/items/{item}/edit", """{"content":"x"}"""),
                (HttpMethod.Post, $"/items/{item}/regenerate", null),
                (HttpMethod.Put, $"/items/{item}/rating", """{"rating":"like"}"""),
                (HttpMethod.Delete, $"/items/{item}/rating", null),
                (HttpMethod.Patch, "/items/by-call-id/c", """{"status":"completed"}"""),
                (HttpMethod.Get, "/branches", null),
                (HttpMethod.Post, "/branches", """{"name":"b"}"""),
                (HttpMethod.Get, "/branches/MAIN", null),
                (HttpMethod.Delete, "/branches/b", null),
                (HttpMethod.Post, "/branches/MAIN/activate", null),
            ];
            foreach (var (method, path, body) in requests)
            {
                (await bob.SendAsync(method, $"/{id}{path}", body)).IsRefused(HttpStatusCode.NotFound);
            }

            Assert.Empty((await bob.GetAsync(""))["data"]!.AsArray());
            Assert.Equal(0, (await bob.DeleteAsync(""))["deleted_count"]!.GetValue<int>());
        }

        Assert.Equal(["hi", "hello"], await ann.TextsAsync(id));
    }

    [Fact]
    public async Task An_item_of_another_conversation_is_not_found_in_this_one()
    {
        using var ann = new Talk(api);
        var id = await ann.StartAsync("hi");
        var other = (await ann.SaidAsync(await ann.StartAsync("elsewhere")))[0].Id;
        (await ann.SendAsync(HttpMethod.Get, $"/{id}/items/{other}")).IsRefused(HttpStatusCode.NotFound);
        (await ann.SendAsync(HttpMethod.Delete, $"/{id}/items/{other}")).IsRefused(HttpStatusCode.NotFound);
        (await ann.SendAsync(HttpMethod.Put, $"/{id}/items/{other}/rating", """{"rating":"like"}""")).IsRefused(HttpStatusCode.NotFound);
        (await ann.SendAsync(HttpMethod.Post, $"/{id}/items/{other}/edit", """{"content":"x"}""")).IsRefused(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_key_needs_the_scope()
    {
        using var key = new Talk(api, TestCallers.User().ByApiKey(Scopes.Inference));
        (await key.SendAsync(HttpMethod.Get, "")).IsRefused(HttpStatusCode.Forbidden);
        using var fits = new Talk(api, TestCallers.User().ByApiKey(Scopes.Conversations));
        Assert.Empty((await fits.GetAsync(""))["data"]!.AsArray());
    }

    [Fact]
    public async Task A_list_is_paged_by_last_change_while_conversations_change()
    {
        using var ann = new Talk(api);
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await ann.StartAsync());
        }

        ids.Reverse();
        var page = await ann.GetAsync("?limit=2");
        Assert.Equal(ids[..2], Ids(page));
        Assert.True(page["has_more"]!.GetValue<bool>());
        Assert.Equal(ids[1], page.Text("last_id"));
        Assert.Equal(ids[2..4], Ids(await ann.GetAsync($"?limit=2&after={ids[1]}")));

        // The row that the cursor was made of moves to the top, another is new and a third goes: no row is skipped or shown twice.
        var cursor = page.Text("next_cursor");
        await ann.PostAsync($"/{ids[1]}", """{"title":"moved"}""");
        await ann.StartAsync();
        await ann.DeleteAsync($"/{ids[0]}");
        var rest = await ann.GetAsync($"?limit=100&after={cursor}");
        Assert.Equal(ids[2..], Ids(rest));
        Assert.False(rest["has_more"]!.GetValue<bool>());
        Assert.Null(rest["next_cursor"]);

        Assert.Equal(Enumerable.Reverse(ids[2..]), Ids(await ann.GetAsync("?order=asc&limit=3")));
        foreach (var bad in new[] { "?after=conv_nope", $"?after={ids[0]}", "?limit=0", "?order=up" })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await ann.SendAsync(HttpMethod.Get, bad)).Status);
        }
    }

    [Fact]
    public async Task A_list_is_filtered()
    {
        var caller = TestCallers.User();
        using var ann = new Talk(api, caller);
        var folder = await FolderAsync(caller);
        var web = (await ann.PostAsync("", """{"referrer":"web","title":"100% sure"}""")).Text("id");
        var inFolder = (await ann.PostAsync("", $$"""{"project_id":"{{folder}}","title":"Surely 1000"}""")).Text("id");
        Assert.Equal([web], Ids(await ann.GetAsync("?referrer=web")));
        Assert.Equal([inFolder], Ids(await ann.GetAsync($"?project_id={folder}")));
        Assert.Equal([web], Ids(await ann.GetAsync("?q=0%25%20SURE")));
        Assert.Equal([inFolder, web], Ids(await ann.GetAsync("?q=sure")));
        Assert.Empty(Ids(await ann.GetAsync("?project_id=proj_nope")));
    }

    [Fact]
    public async Task A_folder_must_be_the_callers_own_and_can_be_left()
    {
        var caller = TestCallers.User();
        using var ann = new Talk(api, caller);
        var (mine, foreign) = (await FolderAsync(caller), await FolderAsync(TestCallers.User()));
        (await ann.SendAsync(HttpMethod.Post, "", $$"""{"project_id":"{{foreign}}"}""")).IsRefused(HttpStatusCode.NotFound, "project_id");
        var id = (await ann.PostAsync("", $$"""{"project_id":"{{mine}}"}""")).Text("id");
        (await ann.SendAsync(HttpMethod.Post, $"/{id}", $$"""{"project_id":"{{foreign}}"}""")).IsRefused(HttpStatusCode.NotFound, "project_id");
        Assert.Equal(mine, (await ann.GetAsync($"/{id}")).Text("project_id"));
        Assert.Equal(mine, (await ann.PostAsync($"/{id}", """{"title":"x"}""")).Text("project_id"));
        Assert.Null((await ann.PostAsync($"/{id}", """{"project_id":""}"""))["project_id"]);
    }

    [Fact]
    public async Task All_are_deleted_with_what_they_hold()
    {
        using var ann = new Talk(api);
        using var bob = new Talk(api);
        var kept = await bob.StartAsync("bob's");
        for (var i = 0; i < 3; i++)
        {
            await ann.StartAsync("hi", "hello");
        }

        var answers = await Task.WhenAll(ann.DeleteAsync(""), ann.DeleteAsync(""));
        Assert.Equal(3, answers.Sum(answer => answer["deleted_count"]!.GetValue<int>()));
        Assert.All(answers, answer => Assert.Equal("conversations.deleted", answer.Text("object")));
        Assert.Empty(Ids(await ann.GetAsync("")));
        Assert.Equal(["bob's"], await bob.TextsAsync(kept));
    }

    private static string[] Ids(JsonNode list) => [.. list["data"]!.AsArray().Select(row => row!.Text("id"))];

    private async Task<string> FolderAsync(Caller caller)
    {
        var id = JanServer.Contracts.Ids.Id<ConversationProject>.New(TimeProvider.System);
        await api.Database.ExecuteAsync(
            $"""
            INSERT INTO conversation_projects (id, user_id, organization_id, project_id, name, created_at, updated_at)
            VALUES ('{id.Value}', '{caller.UserId.Value}', '{caller.OrganizationId.Value}', '{caller.ProjectId.Value}', '{id}', now(), now())
            """);
        return id.ToString();
    }
}
