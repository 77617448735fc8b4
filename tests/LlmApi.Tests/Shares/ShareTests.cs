using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;

namespace JanServer.LlmApi.Tests.Shares;

public class ShareTests(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    [Fact]
    public async Task A_share_shows_anyone_what_the_conversation_was_when_it_was_shared()
    {
        using var talk = await SharedTalk.StartAsync(api, "Trip", metadata: """{"model":"jan-v1","assistant":"Jan"}""");
        await talk.UserAsync("Where to?");
        var answer = await talk.AssistantAsync("To the sea.");
        var share = await talk.SharedAsync();
        await talk.UserAsync("And then?");

        Assert.Equal("share", share["object"]!.GetValue<string>());
        Assert.StartsWith("shr_", share["id"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Matches("^[0-9A-Za-z]{22}$", share["slug"]!.GetValue<string>());
        Assert.Equal("unlisted", share["visibility"]!.GetValue<string>());
        Assert.Equal(talk.Id.ToString(), share["conversation_id"]!.GetValue<string>());
        Assert.EndsWith($"/v1/public/shares/{share["slug"]}", share["share_url"]!.GetValue<string>(), StringComparison.Ordinal);

        using var response = await talk.OpenAsync(share);
        var text = await response.Content.ReadAsStringAsync();
        var read = JsonNode.Parse(text)!;
        Assert.Equal("public_share", read["object"]!.GetValue<string>());
        Assert.Equal(share["slug"]!.GetValue<string>(), read["slug"]!.GetValue<string>());
        Assert.Equal(share["created_at"]!.GetValue<long>(), read["created_at"]!.GetValue<long>());
        Assert.Equal("Trip", read["snapshot"]!["title"]!.GetValue<string>());
        Assert.Equal("jan-v1", read["snapshot"]!["model_name"]!.GetValue<string>());
        Assert.Equal("Jan", read["snapshot"]!["assistant_name"]!.GetValue<string>());
        Assert.Equal(["Where to?", "To the sea."], SharedTalk.Texts(read["snapshot"]!));
        Assert.Equal("assistant", read["snapshot"]!["items"]![1]!["role"]!.GetValue<string>());
        foreach (var secret in new[] { answer.ToString(), talk.Id.ToString(), talk.Caller.UserId.ToString(), talk.Caller.Email! })
        {
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        }

        Assert.True(response.Headers.CacheControl is { NoCache: true, Private: true });
        Assert.Equal("noindex, nofollow", response.Headers.GetValues("X-Robots-Tag").Single());
    }

    [Fact]
    public async Task A_share_that_is_revoked_is_gone_at_once_and_its_copy_too()
    {
        using var talk = await SharedTalk.StartAsync(api);
        await talk.UserAsync("secret");
        var first = await talk.SharedAsync();
        var second = await talk.SharedAsync();
        using var opened = await talk.OpenAsync(first);
        var tag = opened.Headers.ETag!.ToString();

        foreach (var path in new[] { $"/v1/shares/{first["id"]}", $"/v1/conversations/{talk.Id}/shares/{first["id"]}", $"/v1/shares/{first["id"]}" })
        {
            using var revoked = await talk.Client.DeleteAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
            var deleted = JsonNode.Parse(await revoked.Content.ReadAsStringAsync())!;
            Assert.Equal("share.deleted", deleted["object"]!.GetValue<string>());
            Assert.True(deleted["deleted"]!.GetValue<bool>());
        }

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
        {
            using var gone = await talk.OpenAsync(first, method, tag);
            Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
        }

        using var other = await talk.OpenAsync(second);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal("null", await api.Database.ScalarAsync<string>($"SELECT snapshot::text FROM conversation_shares WHERE slug = '{first["slug"]}'"));
    }

    [Fact]
    public async Task A_share_ends_when_it_was_to_end()
    {
        using var talk = await SharedTalk.StartAsync(api);
        await talk.UserAsync("hi");
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var at = await talk.SharedAsync(new { scope = "conversation", expires_at = now + 600 });
        var lasting = await talk.SharedAsync(new { scope = "conversation", expires_in = 600 });
        Assert.Equal(now + 600, at["expires_at"]!.GetValue<long>());
        Assert.InRange(lasting["expires_at"]!.GetValue<long>(), now + 600, now + 660);
        await talk.ReadAsync(at);

        await api.Database.ExecuteAsync($"UPDATE conversation_shares SET expires_at = now() WHERE slug = '{at["slug"]}'");
        using var gone = await talk.OpenAsync(at);
        Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
        var error = JsonNode.Parse(await gone.Content.ReadAsStringAsync())!["error"]!;
        Assert.Equal("gone", error["code"]!.GetValue<string>());
        Assert.Contains("expired", error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        await talk.ReadAsync(lasting);
    }

    [Theory]
    [InlineData("0123456789abcdefABCDEF")]
    [InlineData("short")]
    [InlineData("0123456789abcdefABCDE%2F")]
    [InlineData("0123456789abcdefABCDE'")]
    public async Task An_address_that_was_never_given_is_a_404(string slug)
    {
        using var anonymous = api.Anonymous();
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
        {
            using var request = new HttpRequestMessage(method, new Uri($"/v1/public/shares/{slug}", UriKind.Relative));
            using var response = await anonymous.SendAsync(request);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        }
    }

    [Fact]
    public async Task Shares_go_with_their_conversation()
    {
        using var talk = await SharedTalk.StartAsync(api);
        await talk.UserAsync("hi");
        var share = await talk.SharedAsync();
        await api.Database.ExecuteAsync($"DELETE FROM conversations WHERE id = '{talk.Id.Value}'");
        using var gone = await talk.OpenAsync(share);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task A_reader_who_has_the_snapshot_gets_it_not_again()
    {
        using var talk = await SharedTalk.StartAsync(api);
        await talk.UserAsync("hi");
        var share = await talk.SharedAsync();
        using var first = await talk.OpenAsync(share);
        var tag = first.Headers.ETag!.ToString();
        using var second = await talk.OpenAsync(share, known: $"\"other\", W/{tag}");
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync());
        using var third = await talk.OpenAsync(share, known: "\"other\"");
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
    }

    [Fact]
    public async Task Views_are_counted_and_questions_whether_it_is_there_are_not()
    {
        using var talk = await SharedTalk.StartAsync(api);
        await talk.UserAsync("hi");
        var share = await talk.SharedAsync();
        using var head = await talk.OpenAsync(share, HttpMethod.Head);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        for (var i = 0; i < 5; i++)
        {
            await talk.ReadAsync(share);
        }

        await Eventually.Succeeds(async () =>
        {
            var list = JsonNode.Parse(await talk.Client.GetStringAsync(new Uri("/v1/shares", UriKind.Relative)))!;
            Assert.Equal(5, list["data"]![0]!["view_count"]!.GetValue<long>());
            Assert.NotNull(list["data"]![0]!["last_viewed_at"]);
        });
    }

    [Fact]
    public async Task Only_the_owner_shares_lists_and_revokes()
    {
        using var ann = await SharedTalk.StartAsync(api);
        await ann.UserAsync("hi");
        var share = await ann.SharedAsync();
        Caller[] strangers =
        [
            TestCallers.User("bob"),
            TestCallers.User("bob") with { OrganizationId = ann.Caller.OrganizationId, ProjectId = ann.Caller.ProjectId },
            ann.Caller with { ProjectId = Id<ProjectRef>.New(TimeProvider.System) },
        ];
        foreach (var stranger in strangers)
        {
            using var bob = api.ClientFor(stranger);
            using var made = await bob.PostAsJsonAsync(new Uri($"/v1/conversations/{ann.Id}/share", UriKind.Relative), new { scope = "conversation" });
            Assert.Equal(HttpStatusCode.NotFound, made.StatusCode);
            using var list = await bob.GetAsync(new Uri($"/v1/conversations/{ann.Id}/shares", UriKind.Relative));
            Assert.Equal(HttpStatusCode.NotFound, list.StatusCode);
            Assert.Empty(JsonNode.Parse(await bob.GetStringAsync(new Uri("/v1/shares?include_revoked=true", UriKind.Relative)))!["data"]!.AsArray());
            foreach (var path in new[] { $"/v1/shares/{share["id"]}", $"/v1/conversations/{ann.Id}/shares/{share["id"]}" })
            {
                using var revoked = await bob.DeleteAsync(new Uri(path, UriKind.Relative));
                Assert.Equal(HttpStatusCode.NotFound, revoked.StatusCode);
            }
        }

        using var other = await SharedTalk.StartAsync(api, caller: ann.Caller);
        using var elsewhere = await ann.Client.DeleteAsync(new Uri($"/v1/conversations/{other.Id}/shares/{share["id"]}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        await ann.ReadAsync(share);
        using var key = api.ClientFor(ann.Caller.ByApiKey(Scopes.Inference));
        using var refused = await key.GetAsync(new Uri("/v1/shares", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task Lists_are_pages_of_all_or_of_those_that_can_be_read()
    {
        using var talk = await SharedTalk.StartAsync(api);
        using var other = await SharedTalk.StartAsync(api, caller: talk.Caller);
        await talk.UserAsync("hi");
        await other.UserAsync("ho");
        var shares = new List<string>();
        for (var i = 0; i < 25; i++)
        {
            shares.Insert(0, (await talk.SharedAsync())["id"]!.GetValue<string>());
        }

        // Ids of one millisecond are in no order of their making.
        shares.Sort((one, two) => string.CompareOrdinal(two, one));
        var elsewhere = (await other.SharedAsync())["id"]!.GetValue<string>();
        using var revoked = await talk.Client.DeleteAsync(new Uri($"/v1/shares/{shares[3]}", UriKind.Relative));
        await api.Database.ExecuteAsync($"UPDATE conversation_shares SET expires_at = now() WHERE id = '{Id<LlmApi.Shares.ConversationShare>.Parse(shares[7]).Value}'");

        Assert.Equal(shares, await WalkAsync($"/v1/conversations/{talk.Id}/shares?limit=10"));
        string[] alive = [.. shares.Where((_, i) => i is not (3 or 7))];
        Assert.Equal(alive, await WalkAsync($"/v1/conversations/{talk.Id}/shares?limit=10&include_revoked=false"));
        Assert.Equal(alive.Append(elsewhere).OrderDescending(StringComparer.Ordinal), await WalkAsync("/v1/shares?limit=10"));
        Assert.Equal([elsewhere, .. shares], await WalkAsync("/v1/shares?limit=10&include_revoked=true"));

        async Task<List<string>> WalkAsync(string path)
        {
            var seen = new List<string>();
            string? after = null;
            bool more;
            do
            {
                var page = JsonNode.Parse(await talk.Client.GetStringAsync(new Uri(path + (after is null ? "" : $"&after={after}"), UriKind.Relative)))!;
                seen.AddRange(page["data"]!.AsArray().Select(share => share!["id"]!.GetValue<string>()));
                (more, after) = (page["has_more"]!.GetValue<bool>(), page["last_id"]?.GetValue<string>());
            }
            while (more);
            return seen;
        }
    }

    [Theory]
    [InlineData("{}", "scope")]
    [InlineData("""{"scope":"everything"}""", "scope")]
    [InlineData("""{"scope":"item"}""", "item_id")]
    [InlineData("""{"scope":"item","item_id":"msg_nothing"}""", "item_id")]
    [InlineData("""{"scope":"conversation","item_id":"msg_x"}""", "item_id")]
    [InlineData("""{"scope":"conversation","expires_in":0}""", "expires_in")]
    [InlineData("""{"scope":"conversation","expires_in":9223372036854775807}""", "expires_in")]
    [InlineData("""{"scope":"conversation","expires_at":1}""", "expires_at")]
    [InlineData("""{"scope":"conversation","expires_at":9223372036854775807}""", "expires_at")]
    [InlineData("""{"scope":"conversation","expires_at":4000000000,"expires_in":1}""", "expires_in")]
    [InlineData("""{"scope":"conversation","title":"a\u0000b"}""", "title")]
    [InlineData("""{"scope":"conversation","branch":"nowhere"}""", "branch")]
    [InlineData("""{"scope":"conversation","branch":"\u0000"}""", "branch")]
    public async Task A_bad_request_is_a_400_that_names_the_member(string body, string param)
    {
        using var talk = await SharedTalk.StartAsync(api);
        await talk.UserAsync("hi");
        using var response = await talk.Client.PostAsync(new Uri($"/v1/conversations/{talk.Id}/share", UriKind.Relative), LlmApiRequests.Json(body));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(param, JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["param"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_title_that_is_too_long_is_refused_and_nothing_is_shared()
    {
        using var talk = await SharedTalk.StartAsync(api);
        await talk.UserAsync("hi");
        var before = await talk.SharedAsync();
        using var refused = await talk.ShareAsync(new { scope = "conversation", title = new string('x', 257) });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        using var empty = await talk.ShareAsync(new { scope = "conversation" }, "?branch=draft");
        Assert.Equal(HttpStatusCode.BadRequest, empty.StatusCode);
        await talk.ReadAsync(before);
        Assert.Equal(1, await api.Database.ScalarAsync<long>($"SELECT count(*) FROM conversation_shares WHERE conversation_id = '{talk.Id.Value}'"));
    }

    [Fact]
    public async Task The_address_is_where_the_gateway_says_the_client_is_and_nobody_elses_word_counts()
    {
        using var talk = await SharedTalk.StartAsync(api);
        await talk.UserAsync("hi");
        talk.Client.DefaultRequestHeaders.Add("X-Forwarded-Host", "chat.example:8443");
        talk.Client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        var share = await talk.SharedAsync();
        Assert.Equal($"https://chat.example:8443/v1/public/shares/{share["slug"]}", share["share_url"]!.GetValue<string>());
    }
}
