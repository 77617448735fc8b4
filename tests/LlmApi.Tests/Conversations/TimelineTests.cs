using System.Net;
using JanServer.LlmApi.Conversations.Branches;

namespace JanServer.LlmApi.Tests.Conversations;

public class TimelineTests(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    [Fact]
    public async Task An_edit_replaces_what_the_user_said_and_keeps_the_ids_before_it()
    {
        using var ann = new Talk(api);
        var id = await ann.StartAsync("a", "b", "c", "d");
        var before = await ann.SaidAsync(id);
        var edited = await ann.PostAsync($"/{id}/items/{before[2].Id}/edit", """{"content":"C","regenerate":true}""");
        Assert.Equal(("MAIN", true, "MAIN", 3), (edited.Text("branch"), edited["branch_created"]!.GetValue<bool>(), edited["new_branch"]!.Text("name"), edited["new_branch"]!["item_count"]!.GetValue<int>()));
        var after = await ann.SaidAsync(id);
        Assert.Equal(["a", "b", "C"], after.Select(item => item.Text));
        Assert.Equal(before[..2], after[..2]);
        Assert.Equal(after[2].Id, edited["user_item"]!.Text("id"));
        Assert.Equal(3, edited["user_item"]!["sequence_number"]!.GetValue<int>());
        Assert.Equal(before, await ann.SaidAsync(id, edited.Text("old_main_backup")));

        (await ann.SendAsync(HttpMethod.Post, $"/{id}/items/{before[1].Id}/edit", """{"content":"x"}""")).IsRefused(HttpStatusCode.BadRequest, "item");
        (await ann.SendAsync(HttpMethod.Post, $"/{id}/items/{before[0].Id}/edit", "{}")).IsRefused(HttpStatusCode.BadRequest, "content");
        (await ann.SendAsync(HttpMethod.Post, $"/{id}/items/{before[0].Id}/edit", """{"content":[{"type":"text"}]}""")).IsRefused(HttpStatusCode.BadRequest, "content[0].text");
    }

    [Theory]
    [InlineData(2, new[] { "a", "b", "c" })]
    [InlineData(3, new[] { "a", "b", "c" })]
    [InlineData(1, new[] { "a" })]
    public async Task A_regeneration_ends_with_what_the_user_said(int index, string[] left)
    {
        using var ann = new Talk(api);
        var id = await ann.StartAsync("a", "b", "c", "d");
        var before = await ann.SaidAsync(id);
        var answer = await ann.PostAsync($"/{id}/items/{before[index].Id}/regenerate", """{"model":"m","temperature":0.5,"max_tokens":3}""");
        Assert.Equal(left, await ann.TextsAsync(id));
        Assert.Equal(before[left.Length - 1].Id, answer.Text("user_item_id"));
        Assert.Equal(before, await ann.SaidAsync(id, answer.Text("old_main_backup")));
    }

    [Fact]
    public async Task A_regeneration_needs_no_body_but_something_to_answer()
    {
        using var ann = new Talk(api);
        var id = await ann.StartAsync();
        var items = (await ann.PostAsync($"/{id}/items", """{"items":[{"role":"assistant","content":"welcome"},{"role":"user","content":"hi"}]}"""))["data"]!;
        (await ann.SendAsync(HttpMethod.Post, $"/{id}/items/{items[0]!.Text("id")}/regenerate")).IsRefused(HttpStatusCode.BadRequest, "item");
        Assert.Equal(HttpStatusCode.OK, (await ann.SendAsync(HttpMethod.Post, $"/{id}/items/{items[1]!.Text("id")}/regenerate")).Status);
    }

    [Fact]
    public async Task A_deletion_takes_one_item_out_and_answers_the_conversation()
    {
        using var ann = new Talk(api);
        var id = await ann.StartAsync("a", "b", "c");
        var before = await ann.SaidAsync(id);
        var answer = await ann.DeleteAsync($"/{id}/items/{before[1].Id}");
        Assert.Equal((id, "conversation", "MAIN", true), (answer.Text("id"), answer.Text("object"), answer.Text("branch"), answer["deleted"]!.GetValue<bool>()));
        Assert.NotNull(answer["metadata"]);
        Assert.NotNull(answer["created_at"]);
        Assert.Equal([before[0], before[2]], await ann.SaidAsync(id));
        Assert.Equal(before, await ann.SaidAsync(id, answer.Text("old_main_backup")));
        await ann.PostAsync($"/{id}/items", """{"items":[{"role":"user","content":"d"}]}""");
        Assert.Equal(["a", "c", "d"], await ann.TextsAsync(id));
    }

    [Fact]
    public async Task No_result_is_left_without_its_call()
    {
        using var ann = new Talk(api);
        var id = await ann.StartAsync();
        var items = (await ann.PostAsync($"/{id}/items", """
            {"items":[
              {"role":"user","content":"u1"},
              {"type":"function_call","call_id":"call_0","name":"f","arguments":"{}"},
              {"type":"function_call_output","call_id":"call_0","output":"r"},
              {"role":"assistant","content":[{"type":"output_text","text":"a1"},{"type":"tool_calls","tool_calls":[{"id":"call_1"},{"id":"call_2"}]}]},
              {"type":"mcp_call","call_id":"call_1"},
              {"role":"tool","content":[{"type":"tool_result","tool_result":"r2"}],"call_id":"call_2"},
              {"role":"user","content":"u2"},
              {"type":"function_call","call_id":"call_0","name":"f","arguments":"{}"},
              {"type":"function_call_output","call_id":"call_0","output":"r"}]}
            """))["data"]!.AsArray();
        var answer = await ann.DeleteAsync($"/{id}/items/{items[1]!.Text("id")}");
        Assert.Equal([items[1]!.Text("id"), items[2]!.Text("id")], answer["deleted_ids"]!.AsArray().Select(gone => gone!.GetValue<string>()));
        Assert.Equal(["u1", "a1", "mcp_call", "r2", "u2", "function_call", "function_call_output"], await ann.TextsAsync(id));
        await ann.DeleteAsync($"/{id}/items/{items[3]!.Text("id")}");
        Assert.Equal(["u1", "u2", "function_call", "function_call_output"], await ann.TextsAsync(id));
    }

    [Fact]
    public async Task Edits_at_once_come_one_after_another_and_lose_nothing()
    {
        using var ann = new Talk(api);
        var id = await ann.StartAsync("a", "b");
        var first = (await ann.SaidAsync(id))[0];
        var edits = await Task.WhenAll(Enumerable.Range(0, 4).Select(n => ann.PostAsync($"/{id}/items/{first.Id}/edit", $$"""{"content":"{{n}}"}""")));
        Assert.Equal(4, edits.Select(edit => edit.Text("old_main_backup")).Distinct().Count());
        var list = await ann.GetAsync($"/{id}/branches");
        var branches = list["data"]!.AsArray();
        Assert.Equal(5, branches.Count);
        Assert.Single(branches, branch => branch!["is_active"]!.GetValue<bool>());
        var said = new List<string>();
        foreach (var branch in branches)
        {
            said.AddRange(await ann.TextsAsync(id, branch!.Text("name")));
        }

        Assert.Equal(["0", "1", "2", "3", "a", "b"], said.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Appends_that_meet_edits_are_not_lost()
    {
        using var ann = new Talk(api);
        var id = await ann.StartAsync("a", "b");
        var first = (await ann.SaidAsync(id))[0];
        var appends = Enumerable.Range(0, 8).Select(n => ann.PostAsync($"/{id}/items", $$"""{"items":[{"role":"assistant","content":"x{{n}}"}]}"""));
        var edits = Enumerable.Range(0, 3).Select(n => ann.PostAsync($"/{id}/items/{first.Id}/edit", $$"""{"content":"e{{n}}"}"""));
        await Task.WhenAll(appends.Concat(edits));
        var said = new HashSet<string>();
        foreach (var branch in (await ann.GetAsync($"/{id}/branches"))["data"]!.AsArray())
        {
            said.UnionWith(await ann.TextsAsync(id, branch!.Text("name")));
        }

        Assert.Equal(13, said.Count);
    }

    [Fact]
    public async Task An_item_that_is_only_on_another_branch_is_edited_there()
    {
        using var ann = new Talk(api);
        var id = await ann.StartAsync("a", "b", "c");
        var before = await ann.SaidAsync(id);
        await ann.PostAsync($"/{id}/items/{before[0].Id}/edit", """{"content":"A"}""");
        var edited = await ann.PostAsync($"/{id}/items/{before[2].Id}/edit", """{"content":"C"}""");
        Assert.Equal(["a", "b", "C"], await ann.TextsAsync(id));
        Assert.Equal(["A"], await ann.TextsAsync(id, edited.Text("old_main_backup")));
        Assert.Equal(before[0].Id, (await ann.SaidAsync(id))[0].Id);
    }

    [Fact]
    public async Task An_edit_of_an_active_branch_leaves_that_branch_as_it_is()
    {
        using var ann = new Talk(api);
        var id = await ann.StartAsync("a", "b");
        await ann.PostAsync($"/{id}/branches", """{"name":"draft","parent_branch":"main"}""");
        await ann.PostAsync($"/{id}/branches/draft/activate");
        await ann.PostAsync($"/{id}/items", """{"items":[{"role":"user","content":"c"}]}""");
        var last = (await ann.SaidAsync(id)).Last();
        var edited = await ann.PostAsync($"/{id}/items/{last.Id}/edit", """{"content":"C"}""");
        Assert.Equal("draft", edited["new_branch"]!.Text("parent_branch"));
        Assert.Equal(["a", "b", "C"], await ann.TextsAsync(id));
        Assert.Equal("MAIN", (await ann.GetAsync($"/{id}")).Text("active_branch"));
        Assert.Equal(["a", "b", "c"], await ann.TextsAsync(id, "draft"));
        Assert.Equal(["a", "b"], await ann.TextsAsync(id, edited.Text("old_main_backup")));
    }

    [Fact]
    public async Task Old_backups_go_with_what_only_they_held()
    {
        using var ann = new Talk(api);
        var id = await ann.StartAsync("a", "b");
        var original = await ann.SaidAsync(id);
        var kept = (await ann.PostAsync($"/{id}/items/{original[1].Id}/regenerate")).Text("old_main_backup");
        await ann.PostAsync($"/{id}/branches/{kept}/activate");
        await ann.PostAsync($"/{id}/branches/MAIN/activate");
        var user = original[0].Id;
        for (var i = 0; i < Timelines.MaxBackups + 3; i++)
        {
            user = (await ann.PostAsync($"/{id}/items/{user}/edit", $$"""{"content":"{{i}}"}"""))["user_item"]!.Text("id");
        }

        var branches = (await ann.GetAsync($"/{id}/branches"))["data"]!.AsArray();
        Assert.Equal(Timelines.MaxBackups, branches.Count(branch => branch!["is_backup"]!.GetValue<bool>()));

        // Activating a backup makes it a branch like others, which is not pruned.
        Assert.Equal(["a", "b"], await ann.TextsAsync(id, kept));
        var raw = JanServer.Contracts.Ids.Id<JanServer.LlmApi.Conversations.Conversation>.Parse(id).Value;
        Assert.Equal(2 + Timelines.MaxBackups + 1, await api.Database.ScalarAsync<long>($"SELECT count(*) FROM conversation_items WHERE conversation_id = '{raw}'"));
    }

    [Fact]
    public async Task Branches_are_made_listed_activated_and_deleted()
    {
        using var ann = new Talk(api);
        var id = await ann.StartAsync("a", "b", "c");
        var items = await ann.SaidAsync(id);
        var (status, made) = await ann.SendAsync(HttpMethod.Post, $"/{id}/branches", $$"""{"name":"idea 1","fork_from_item_id":"{{items[1].Id}}","description":"why"}""");
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(("idea 1", "why", "MAIN", 2, false), (made.Text("name"), made.Text("description"), made.Text("parent_branch"), made["item_count"]!.GetValue<int>(), made["is_active"]!.GetValue<bool>()));
        Assert.Equal(items[..2], await ann.SaidAsync(id, "idea%201"));
        var empty = await ann.PostAsync($"/{id}/branches", """{"name":"empty"}""");
        Assert.Equal(0, empty["item_count"]!.GetValue<int>());

        var list = await ann.GetAsync($"/{id}/branches");
        Assert.Equal(["MAIN", "idea 1", "empty"], list["data"]!.AsArray().Select(branch => branch!.Text("name")));
        Assert.Equal(("list", "MAIN"), (list.Text("object"), list.Text("active_branch")));
        Assert.True((await ann.GetAsync($"/{id}/branches/main"))["is_active"]!.GetValue<bool>());

        Assert.Equal("idea 1", (await ann.PostAsync($"/{id}/branches/idea%201/activate")).Text("active_branch"));
        await ann.PostAsync($"/{id}/items", """{"items":[{"role":"user","content":"d"}]}""");
        Assert.Equal(["a", "b", "d"], await ann.TextsAsync(id));
        Assert.Equal(["a", "b", "c"], await ann.TextsAsync(id, "MAIN"));
        (await ann.SendAsync(HttpMethod.Delete, $"/{id}/branches/idea%201")).IsRefused(HttpStatusCode.BadRequest, "branch");
        (await ann.SendAsync(HttpMethod.Delete, $"/{id}/branches/main")).IsRefused(HttpStatusCode.BadRequest, "branch");

        var only = (await ann.SaidAsync(id)).Last().Id;
        Assert.Equal("MAIN", (await ann.PostAsync($"/{id}/branches/main/activate")).Text("active_branch"));
        Assert.Equal(HttpStatusCode.NoContent, (await ann.SendAsync(HttpMethod.Delete, $"/{id}/branches/idea%201")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await ann.SendAsync(HttpMethod.Delete, $"/{id}/branches/idea%201")).Status);
        (await ann.SendAsync(HttpMethod.Get, $"/{id}/branches/idea%201")).IsRefused(HttpStatusCode.NotFound);
        (await ann.SendAsync(HttpMethod.Post, $"/{id}/branches/idea%201/activate")).IsRefused(HttpStatusCode.NotFound);
        (await ann.SendAsync(HttpMethod.Get, $"/{id}/items/{only}")).IsRefused(HttpStatusCode.NotFound);
        Assert.Equal(items, await ann.SaidAsync(id));

        // The name of a branch that is gone may be used again.
        Assert.Equal(HttpStatusCode.Created, (await ann.SendAsync(HttpMethod.Post, $"/{id}/branches", """{"name":"idea 1"}""")).Status);
    }

    [Theory]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"a/b"}""", "name")]
    [InlineData("""{"name":"Main"}""", "name")]
    [InlineData("""{"name":"x","parent_branch":"nope"}""", "parent_branch")]
    [InlineData("""{"name":"x","fork_from_item_id":"msg_nope"}""", "fork_from_item_id")]
    public async Task A_bad_branch_is_refused(string body, string param)
    {
        using var ann = new Talk(api);
        var id = await ann.StartAsync("a");
        (await ann.SendAsync(HttpMethod.Post, $"/{id}/branches", body)).IsRefused(HttpStatusCode.BadRequest, param);
    }

    [Fact]
    public async Task A_branchs_name_is_taken_once_also_by_two_at_once()
    {
        using var ann = new Talk(api);
        var id = await ann.StartAsync("a");
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ann.SendAsync(HttpMethod.Post, $"/{id}/branches", """{"name":"x"}""")));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Equal(2, answers.Count(answer => answer.Status == HttpStatusCode.Conflict));
    }
}
