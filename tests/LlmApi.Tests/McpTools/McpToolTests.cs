using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using JanServer.Contracts.Tools;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Identity;

namespace JanServer.LlmApi.Tests.McpTools;

public class McpToolTests(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    private static readonly Uri Collection = new("/v1/admin/mcp-tools", UriKind.Relative);

    [Fact]
    public async Task Every_tool_of_the_program_is_there_from_the_start()
    {
        using var admin = api.ClientFor(TestCallers.Admin());
        var list = JsonNode.Parse(await admin.GetStringAsync(Collection))!;
        Assert.Equal(10, list["total"]!.GetValue<int>());
        Assert.Equal(
            [
                "edit_image", "file_search_delete", "file_search_index", "file_search_list", "file_search_query", "generate_image",
                "google_search", "memory_retrieve", "python_exec", "scrape",
            ],
            Keys(list).Order(StringComparer.Ordinal));
        var search = Assert.Single(list["data"]!.AsArray(), tool => tool!["tool_key"]!.GetValue<string>() == "google_search")!;
        Assert.Equal("mcp_google_search_001", search["public_id"]!.GetValue<string>());
        Assert.Equal("mcp_google_search_001", search["id"]!.GetValue<string>());
        Assert.Equal("search", search["category"]!.GetValue<string>());
        Assert.Empty(search["disallowed_keywords"]!.AsArray());
    }

    [Fact]
    public async Task What_is_disallowed_is_seen_by_administrators_and_services_and_by_no_user()
    {
        using var admin = api.ClientFor(TestCallers.Admin());
        var caller = TestCallers.Admin();
        using var changer = api.ClientFor(caller);
        using var changed = await PatchAsync(changer, "scrape", """{"disallowed_keywords":["(?i)secret-\\d+","x|y"],"metadata":{"n":[1,"\u0000"]}}""");
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        var tool = (await JsonOf(changed))["data"]!;
        Assert.Equal(["(?i)secret-\\d+", "x|y"], tool["disallowed_keywords"]!.AsArray().Select(keyword => keyword!.GetValue<string>()));
        Assert.Equal(caller.UserId.ToString(), tool["updated_by"]!.GetValue<string>());
        Assert.Equal("\0", tool["metadata"]!["n"]![1]!.GetValue<string>());

        using var user = api.Client();
        foreach (var text in new[] { await user.GetStringAsync(At("/v1/mcp-tools")), await user.GetStringAsync(At("/v1/mcp-tools/scrape")) })
        {
            Assert.Contains("mcp_scrape_001", text, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
            Assert.DoesNotContain("disallowed", text, StringComparison.Ordinal);
            Assert.DoesNotContain("updated_by", text, StringComparison.Ordinal);
        }

        using var service = api.ClientForService("mcp-tools");
        var client = new ToolSettingsClient(service);
        var settings = await client.FindAsync("scrape", CancellationToken.None);
        Assert.Equal(["(?i)secret-\\d+", "x|y"], settings!.DisallowedKeywords);
        Assert.Contains(await client.ListAsync(CancellationToken.None), one => one.ToolKey == "scrape" && one.DisallowedKeywords.Count == 2);

        foreach (var outsider in new[] { user, admin })
        {
            using var refused = await outsider.GetAsync(At("/internal/mcp-tools"));
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }
    }

    [Fact]
    public async Task A_tool_that_is_switched_off_is_gone_for_all_but_administrators()
    {
        using var admin = api.ClientFor(TestCallers.Admin());
        using var user = api.Client();
        using var service = api.ClientForService("mcp-tools");
        var client = new ToolSettingsClient(service);
        using var off = await PatchAsync(admin, "edit_image", """{"is_active":false}""");
        Assert.False((await JsonOf(off))["data"]!["is_active"]!.GetValue<bool>());

        using var one = await user.GetAsync(At("/v1/mcp-tools/edit_image"));
        Assert.Equal(HttpStatusCode.NotFound, one.StatusCode);
        Assert.DoesNotContain("edit_image", await user.GetStringAsync(At("/v1/mcp-tools")), StringComparison.Ordinal);
        Assert.Null(await client.FindAsync("edit_image", CancellationToken.None));
        Assert.Null(await client.FindAsync("no/such tool", CancellationToken.None));
        Assert.Contains("edit_image", await admin.GetStringAsync(new Uri("/v1/admin/mcp-tools?is_active=false", UriKind.Relative)), StringComparison.Ordinal);

        using var on = await PatchAsync(admin, "edit_image", """{"is_active":true}""");
        Assert.NotNull(await client.FindAsync("edit_image", CancellationToken.None));
    }

    [Fact]
    public async Task What_a_change_does_not_name_stays_and_null_removes()
    {
        using var admin = api.ClientFor(TestCallers.Admin());
        using var first = await PatchAsync(
            admin, "generate_image", """{"description":" Paints. ","category":"art","metadata":{"a":1},"disallowed_keywords":["z"]}""");
        using var second = await PatchAsync(admin, "generate_image", "{}");
        var kept = (await JsonOf(second))["data"]!;
        Assert.Equal("Paints.", kept["description"]!.GetValue<string>());
        Assert.Equal("art", kept["category"]!.GetValue<string>());
        Assert.Equal(1, kept["metadata"]!["a"]!.GetValue<int>());
        Assert.Single(kept["disallowed_keywords"]!.AsArray());
        using var third = await PatchAsync(admin, "generate_image", """{"metadata":null,"disallowed_keywords":null}""");
        var emptied = (await JsonOf(third))["data"]!;
        Assert.Null(emptied["metadata"]);
        Assert.Empty(emptied["disallowed_keywords"]!.AsArray());
        Assert.Equal("art", emptied["category"]!.GetValue<string>());
    }

    [Fact]
    public async Task Services_get_a_description_when_an_administrator_wrote_it()
    {
        using var admin = api.ClientFor(TestCallers.Admin());
        using var service = api.ClientForService("mcp-tools");
        var client = new ToolSettingsClient(service);
        Assert.Null((await client.FindAsync("file_search_query", CancellationToken.None))!.Description);

        using var same = await PatchAsync(admin, "file_search_query", """{"description":"Finds passages of indexed documents by meaning.","category":"file_search"}""");
        Assert.Equal(HttpStatusCode.OK, same.StatusCode);
        Assert.Null((await client.FindAsync("file_search_query", CancellationToken.None))!.Description);

        using var other = await PatchAsync(admin, "file_search_query", """{"description":"Searches the handbook."}""");
        using var later = await PatchAsync(admin, "file_search_query", """{"is_active":true}""");
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
        Assert.Equal("Searches the handbook.", (await client.FindAsync("file_search_query", CancellationToken.None))!.Description);
    }

    [Theory]
    [InlineData("?category=file_search", "file_search_delete,file_search_index,file_search_list,file_search_query")]
    [InlineData("?search=T_IMAGE&category=image_edit", "edit_image")]
    [InlineData("?search=web%20SEARCH", "google_search")]
    [InlineData("?search=%25", "")]
    [InlineData("?search=nothing", "")]
    public async Task Administrators_can_look_for_tools(string query, string keys)
    {
        using var admin = api.ClientFor(TestCallers.Admin());
        var list = JsonNode.Parse(await admin.GetStringAsync(At("/v1/admin/mcp-tools" + query)))!;
        Assert.Equal(keys, string.Join(',', Keys(list).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("""{"disallowed_keywords":["a","b","("]}""", "disallowed_keywords[2]")]
    [InlineData("""{"disallowed_keywords":["(?=x)"]}""", "disallowed_keywords[0]")]
    [InlineData("""{"disallowed_keywords":["(a)\\1"]}""", "disallowed_keywords[0]")]
    [InlineData("""{"disallowed_keywords":["(a{1000}){1000}"]}""", "disallowed_keywords[0]")]
    [InlineData("""{"disallowed_keywords":["ok",""]}""", "disallowed_keywords[1]")]
    [InlineData("""{"disallowed_keywords":["ok",null]}""", "disallowed_keywords[1]")]
    [InlineData("""{"disallowed_keywords":["x*"]}""", "disallowed_keywords[0]")]
    [InlineData("""{"disallowed_keywords":["a\u0000"]}""", "disallowed_keywords[0]")]
    [InlineData("""{"disallowed_keywords":"x"}""", "disallowed_keywords")]
    [InlineData("""{"metadata":[]}""", "metadata")]
    [InlineData("""{"metadata":"x"}""", "metadata")]
    [InlineData("""{"description":" "}""", "description")]
    [InlineData("""{"category":"\u0000"}""", "category")]
    [InlineData("""{"is_active":"yes"}""", "is_active")]
    public async Task A_bad_change_is_a_400_that_names_the_member(string body, string param)
    {
        using var admin = api.ClientFor(TestCallers.Admin());
        using var response = await PatchAsync(admin, "google_search", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(param, (await JsonOf(response))["error"]!["param"]!.GetValue<string>());
    }

    [Fact]
    public async Task There_are_limits()
    {
        using var admin = api.ClientFor(TestCallers.Admin());
        await AssertRefused(new { disallowed_keywords = new[] { new string('a', 501) } });
        await AssertRefused(new { disallowed_keywords = Enumerable.Repeat("a", 101) });
        await AssertRefused(new { metadata = new { a = new string('x', 16 * 1024) } });
        await AssertRefused(new { description = new string('x', 4097) });

        async Task AssertRefused(object body)
        {
            using var response = await admin.PatchAsJsonAsync(At("/v1/admin/mcp-tools/mcp_google_search_001"), body);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }
    }

    [Fact]
    public async Task Administration_is_for_administrators_and_nothing_is_for_strangers()
    {
        using var user = api.Client();
        using var listed = await user.GetAsync(Collection);
        Assert.Equal(HttpStatusCode.Forbidden, listed.StatusCode);
        using var changed = await PatchAsync(user, "google_search", """{"is_active":false}""");
        Assert.Equal(HttpStatusCode.Forbidden, changed.StatusCode);
        using var key = api.ClientFor(TestCallers.Admin().ByApiKey(Scopes.All));
        using var byKey = await key.GetAsync(Collection);
        Assert.Equal(HttpStatusCode.Forbidden, byKey.StatusCode);
        using var anonymous = await api.Anonymous().GetAsync(At("/v1/mcp-tools"));
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
    }

    [Fact]
    public async Task A_tool_that_there_is_not_is_a_404()
    {
        const string id = "mcp_nothing_001";
        using var admin = api.ClientFor(TestCallers.Admin());
        using var read = await admin.GetAsync(At($"/v1/admin/mcp-tools/{id}"));
        Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
        using var write = await admin.PatchAsync(At($"/v1/admin/mcp-tools/{id}"), LlmApiRequests.Json("{}"));
        Assert.Equal(HttpStatusCode.NotFound, write.StatusCode);
    }

    private static Uri At(string path) => new(path, UriKind.Relative);

    private static Task<HttpResponseMessage> PatchAsync(HttpClient client, string key, string body) =>
        client.PatchAsync(At($"/v1/admin/mcp-tools/mcp_{key}_001"), LlmApiRequests.Json(body));

    private static IEnumerable<string> Keys(JsonNode list) => list["data"]!.AsArray().Select(tool => tool!["tool_key"]!.GetValue<string>());

    private static async Task<JsonNode> JsonOf(HttpResponseMessage response) => JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
}
