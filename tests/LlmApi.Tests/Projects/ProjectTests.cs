using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Identity;

namespace JanServer.LlmApi.Tests.Projects;

public class ProjectTests(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    private static readonly Uri Collection = new("/v1/projects", UriKind.Relative);

    [Fact]
    public async Task A_project_is_made_read_changed_and_removed()
    {
        using var ann = api.Client();
        using var created = await ann.PostAsJsonAsync(Collection, new { name = "  Trip 🏔️ ", instruction = "Be brief.\n\tAlways. " });
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var project = await JsonOf(created);
        Assert.StartsWith("proj_", project["id"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal($"/v1/projects/{project["id"]}", created.Headers.Location!.OriginalString);
        Assert.Equal("project", project["object"]!.GetValue<string>());
        Assert.Equal("Trip 🏔️", project["name"]!.GetValue<string>());
        Assert.Equal("Be brief.\n\tAlways.", project["instruction"]!.GetValue<string>());
        Assert.False(project["is_favorite"]!.GetValue<bool>());
        Assert.False(project["is_archived"]!.GetValue<bool>());
        Assert.Null(project["archived_at"]);
        Assert.Equal(project["created_at"]!.GetValue<long>(), project["updated_at"]!.GetValue<long>());
        Assert.True(JsonNode.DeepEquals(project, JsonNode.Parse(await ann.GetStringAsync(created.Headers.Location))));

        using var changed = await ann.PatchAsJsonAsync(created.Headers.Location, new { is_archived = true, is_favorite = true });
        var archived = await JsonOf(changed);
        Assert.True(archived["is_archived"]!.GetValue<bool>());
        Assert.True(archived["archived_at"]!.GetValue<long>() > 0);
        Assert.True(archived["is_favorite"]!.GetValue<bool>());
        Assert.Equal("Be brief.\n\tAlways.", archived["instruction"]!.GetValue<string>());

        using var back = await ann.PatchAsJsonAsync(created.Headers.Location, new { is_archived = false, name = "Home" });
        var returned = await JsonOf(back);
        Assert.False(returned["is_archived"]!.GetValue<bool>());
        Assert.Null(returned["archived_at"]);
        Assert.Equal("Home", returned["name"]!.GetValue<string>());

        using var removed = await ann.DeleteAsync(created.Headers.Location);
        Assert.Equal($$"""{"id":"{{project["id"]}}","object":"project","deleted":true}""", Sorted(await JsonOf(removed)));
        using var again = await ann.DeleteAsync(created.Headers.Location);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        using var gone = await ann.GetAsync(created.Headers.Location);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task An_instruction_that_is_null_is_removed_and_one_that_is_absent_stays()
    {
        using var ann = api.Client();
        var at = await MadeAsync(ann, "p", "keep");
        using var absent = await ann.PatchAsync(at, LlmApiRequests.Json("""{"name":"q"}"""));
        Assert.Equal("keep", (await JsonOf(absent))["instruction"]!.GetValue<string>());
        using var nothing = await ann.PatchAsync(at, LlmApiRequests.Json("""{"instruction":null}"""));
        Assert.Null((await JsonOf(nothing))["instruction"]);
        using var blank = await ann.PatchAsync(at, LlmApiRequests.Json("""{"instruction":"again"}"""));
        Assert.Equal("again", (await JsonOf(blank))["instruction"]!.GetValue<string>());
        using var emptied = await ann.PatchAsync(at, LlmApiRequests.Json("""{"instruction":""}"""));
        Assert.Null((await JsonOf(emptied))["instruction"]);
    }

    [Fact]
    public async Task Archiving_again_keeps_the_first_time()
    {
        using var ann = api.Client();
        var at = await MadeAsync(ann, "p");
        using var first = await ann.PatchAsJsonAsync(at, new { is_archived = true });
        await api.Database.ExecuteAsync("UPDATE conversation_projects SET archived_at = archived_at - interval '1 hour' WHERE archived_at IS NOT NULL");
        using var second = await ann.PatchAsJsonAsync(at, new { is_archived = true });
        Assert.True((await JsonOf(second))["archived_at"]!.GetValue<long>() < (await JsonOf(first))["archived_at"]!.GetValue<long>());
    }

    [Fact]
    public async Task Only_the_owner_reaches_a_project_and_only_in_the_organization_project_it_is_in()
    {
        var caller = TestCallers.User();
        using var ann = api.ClientFor(caller);
        var at = await MadeAsync(ann, "secret plans");
        Caller[] strangers =
        [
            TestCallers.User("bob"),
            TestCallers.User("bob") with { OrganizationId = caller.OrganizationId, ProjectId = caller.ProjectId },
            caller with { ProjectId = Id<ProjectRef>.New(TimeProvider.System) },
        ];
        foreach (var stranger in strangers)
        {
            using var bob = api.ClientFor(stranger);
            using var read = await bob.GetAsync(at);
            Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
            using var write = await bob.PatchAsJsonAsync(at, new { name = "mine" });
            Assert.Equal(HttpStatusCode.NotFound, write.StatusCode);
            using var remove = await bob.DeleteAsync(at);
            Assert.Equal(HttpStatusCode.NotFound, remove.StatusCode);
            Assert.Empty(JsonNode.Parse(await bob.GetStringAsync(Collection))!["data"]!.AsArray());
            await MadeAsync(bob, "secret plans");
        }

        using var same = await ann.GetAsync(at);
        Assert.Equal(HttpStatusCode.OK, same.StatusCode);
    }

    [Theory]
    [InlineData("{}", "name")]
    [InlineData("""{"name":null}""", "name")]
    [InlineData("""{"name":" "}""", "name")]
    [InlineData("""{"name":7}""", "name")]
    [InlineData("""{"name":"a\u0000b"}""", "name")]
    [InlineData("""{"name":"a\nb"}""", "name")]
    [InlineData("""{"name":"n","instruction":"a\u0007"}""", "instruction")]
    [InlineData("""{"name":"n","instruction":{}}""", "instruction")]
    public async Task A_bad_project_is_a_400_that_names_the_member(string body, string param)
    {
        using var ann = api.Client();
        using var response = await ann.PostAsync(Collection, LlmApiRequests.Json(body));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(param, (await JsonOf(response))["error"]!["param"]!.GetValue<string>());
    }

    [Fact]
    public async Task Lengths_are_counted_in_characters()
    {
        using var ann = api.Client();
        await MadeAsync(ann, string.Concat(Enumerable.Repeat("🏔", 120)), new string('x', 32_768));
        using var longName = await ann.PostAsJsonAsync(Collection, new { name = new string('x', 121) });
        Assert.Equal(HttpStatusCode.BadRequest, longName.StatusCode);
        using var longInstruction = await ann.PostAsJsonAsync(Collection, new { name = "n", instruction = new string('x', 32_769) });
        Assert.Equal("instruction", (await JsonOf(longInstruction))["error"]!["param"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_name_that_is_taken_is_a_409_with_the_id_of_what_has_it()
    {
        using var ann = api.Client();
        var first = await MadeAsync(ann, "Trip");
        using var twin = await ann.PostAsJsonAsync(Collection, new { name = " Trip " });
        await AssertConflictsWith(first, twin);
        var other = await MadeAsync(ann, "trip");
        using var renamed = await ann.PatchAsJsonAsync(other, new { name = "Trip" });
        await AssertConflictsWith(first, renamed);
        using var unchanged = await ann.PatchAsJsonAsync(first, new { name = "Trip" });
        Assert.Equal(HttpStatusCode.OK, unchanged.StatusCode);
    }

    [Fact]
    public async Task Of_those_who_race_for_a_name_one_gets_it_and_the_others_hear_of_it()
    {
        using var ann = api.Client();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ann.PostAsJsonAsync(Collection, new { name = "one" })));
        var made = Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        foreach (var answer in answers.Where(answer => answer != made))
        {
            await AssertConflictsWith(made.Headers.Location!, answer);
        }
    }

    [Fact]
    public async Task Pages_visit_every_project_once_last_changed_first()
    {
        using var ann = api.Client();
        var made = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            made.Add(IdOf(await MadeAsync(ann, $"p{i}")));
        }

        using var touched = await ann.PatchAsJsonAsync(new Uri($"/v1/projects/{made[1]}", UriKind.Relative), new { is_favorite = true });
        string[] expected = [made[1], made[4], made[3], made[2], made[0]];
        foreach (var key in new[] { "next_cursor", "last_id" })
        {
            var seen = new List<string>();
            string? after = null;
            bool more;
            do
            {
                var page = JsonNode.Parse(await ann.GetStringAsync(new Uri($"/v1/projects?limit=2{(after is null ? "" : $"&after={after}")}", UriKind.Relative)))!;
                Assert.Equal("list", page["object"]!.GetValue<string>());
                seen.AddRange(page["data"]!.AsArray().Select(project => project!["id"]!.GetValue<string>()));
                more = page["has_more"]!.GetValue<bool>();
                after = page[key]?.GetValue<string>();
            }
            while (more);
            Assert.Equal(expected, seen);
        }
    }

    [Fact]
    public async Task Lists_can_be_of_archived_ones_or_favorites_only()
    {
        using var ann = api.Client();
        var plain = await MadeAsync(ann, "plain");
        var archived = await MadeAsync(ann, "archived");
        var favorite = await MadeAsync(ann, "favorite");
        using var a = await ann.PatchAsJsonAsync(archived, new { is_archived = true });
        using var b = await ann.PatchAsJsonAsync(favorite, new { is_favorite = true });
        Assert.Equal([IdOf(favorite), IdOf(archived), IdOf(plain)], await IdsAsync(""));
        Assert.Equal([IdOf(archived)], await IdsAsync("?archived=true"));
        Assert.Equal([IdOf(favorite), IdOf(plain)], await IdsAsync("?archived=false"));
        Assert.Equal([IdOf(favorite)], await IdsAsync("?favorite=true"));
        Assert.Equal([IdOf(plain)], await IdsAsync("?archived=false&favorite=false"));

        async Task<IEnumerable<string>> IdsAsync(string query) =>
            JsonNode.Parse(await ann.GetStringAsync(new Uri("/v1/projects" + query, UriKind.Relative)))!["data"]!.AsArray()
                .Select(project => project!["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_project_lists_its_conversations_and_keeps_none_of_them_when_it_goes()
    {
        using var ann = api.Client();
        var folder = await MadeAsync(ann, "folder");
        var inside = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            inside.Insert(0, await TalkAsync(IdOf(folder)));
        }

        var outside = await TalkAsync(null);
        var first = JsonNode.Parse(await ann.GetStringAsync(new Uri($"{folder}/conversations?limit=2", UriKind.Relative)))!;
        Assert.Equal(inside[..2], first["data"]!.AsArray().Select(conversation => conversation!["id"]!.GetValue<string>()));
        Assert.Equal(IdOf(folder), first["data"]![0]!["project_id"]!.GetValue<string>());
        var second = JsonNode.Parse(await ann.GetStringAsync(new Uri($"{folder}/conversations?limit=2&after={first["next_cursor"]}", UriKind.Relative)))!;
        Assert.Equal(inside[2..], second["data"]!.AsArray().Select(conversation => conversation!["id"]!.GetValue<string>()));

        using var bob = api.Client();
        using var foreign = await bob.GetAsync(new Uri($"{folder}/conversations", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);

        using var removed = await ann.DeleteAsync(folder);
        using var gone = await ann.GetAsync(new Uri($"{folder}/conversations", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        foreach (var id in inside.Append(outside))
        {
            Assert.Null(JsonNode.Parse(await ann.GetStringAsync(new Uri($"/v1/conversations/{id}", UriKind.Relative)))!["project_id"]);
        }

        async Task<string> TalkAsync(string? project)
        {
            using var created = await ann.PostAsJsonAsync(new Uri("/v1/conversations", UriKind.Relative), new { title = "talk", project_id = project });
            Assert.True(created.IsSuccessStatusCode, await created.Content.ReadAsStringAsync());
            return (await JsonOf(created))["id"]!.GetValue<string>();
        }
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=101", "limit")]
    [InlineData("?order=up", "order")]
    [InlineData("?after=proj_00000000000000000000000000", "after")]
    [InlineData("?after=17", "after")]
    public async Task A_bad_page_is_a_400_that_names_the_parameter(string query, string param)
    {
        using var ann = api.Client();
        using var response = await ann.GetAsync(new Uri("/v1/projects" + query, UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(param, (await JsonOf(response))["error"]!["param"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_key_needs_the_scope_of_conversations()
    {
        using var key = api.ClientFor(TestCallers.User().ByApiKey(Scopes.Inference));
        using var refused = await key.GetAsync(Collection);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var good = api.ClientFor(TestCallers.User().ByApiKey(Scopes.Conversations));
        using var taken = await good.GetAsync(Collection);
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
    }

    private static async Task<Uri> MadeAsync(HttpClient client, string name, string? instruction = null)
    {
        using var created = await client.PostAsJsonAsync(Collection, new { name, instruction });
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return created.Headers.Location!;
    }

    private static string IdOf(Uri location) => location.OriginalString.Split('/')[^1];

    private static async Task AssertConflictsWith(Uri existing, HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        var error = (await JsonOf(response))["error"]!;
        Assert.Equal("name", error["param"]!.GetValue<string>());
        Assert.Equal("conflict", error["code"]!.GetValue<string>());
        Assert.Equal(IdOf(existing), error["conflicts_with"]!.GetValue<string>());
    }

    private static async Task<JsonNode> JsonOf(HttpResponseMessage response) => JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

    private static string Sorted(JsonNode node) =>
        new JsonObject(new[] { "id", "object", "deleted" }.Select(name => KeyValuePair.Create(name, node[name]?.DeepClone()))).ToJsonString();
}
