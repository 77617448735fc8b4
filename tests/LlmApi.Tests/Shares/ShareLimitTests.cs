using System.Net;
using System.Text.Json.Nodes;

namespace JanServer.LlmApi.Tests.Shares;

public class ShareLimitTests(ShareLimitTests.Host api) : IClassFixture<ShareLimitTests.Host>
{
    /// <summary>With limits that a test reaches, and a public address.</summary>
    public sealed class Host : LlmApiFactory
    {
        public Host()
        {
            this["Shares:MaxSnapshotBytes"] = "20000";
            this["Shares:MaxPerConversation"] = "2";
            this["Shares:PublicBaseUrl"] = "https://chat.example/";
        }
    }

    [Fact]
    public async Task What_is_too_large_is_a_413_that_says_so_and_writes_nothing()
    {
        using var talk = await SharedTalk.StartAsync(api);
        await talk.UserAsync("hi");
        var answer = await talk.AssistantAsync("short");
        await talk.AssistantAsync(new string('x', 20_000));
        using var refused = await talk.ShareAsync(new { scope = "conversation" });
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        Assert.Contains("20000", JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(0, await api.Database.ScalarAsync<long>($"SELECT count(*) FROM conversation_shares WHERE conversation_id = '{talk.Id.Value}'"));
        await talk.SharedAsync(new { scope = "item", item_id = answer.ToString() });
    }

    [Fact]
    public async Task Images_that_nobody_sees_do_not_count_unless_they_are_very_many()
    {
        using var talk = await SharedTalk.StartAsync(api);
        await talk.SayAsync("user", $$"""[{"type":"input_text","text":"look"},{"type":"input_image","image_url":"data:image/png;base64,{{new string('A', 30_000)}}"}]""");
        await talk.SharedAsync();
        using var seen = await talk.ShareAsync(new { scope = "conversation", include_images = true });
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, seen.StatusCode);
        for (var i = 0; i < 5; i++)
        {
            await talk.SayAsync("user", $$"""[{"type":"input_image","image_url":"data:image/png;base64,{{new string('A', 30_000)}}"}]""");
        }

        using var many = await talk.ShareAsync(new { scope = "conversation" });
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, many.StatusCode);
    }

    [Fact]
    public async Task A_conversation_has_so_many_shares_and_revoking_makes_room()
    {
        using var talk = await SharedTalk.StartAsync(api);
        await talk.UserAsync("hi");
        var first = await talk.SharedAsync();
        await talk.SharedAsync();
        using var refused = await talk.ShareAsync(new { scope = "conversation" });
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        using var revoked = await talk.Client.DeleteAsync(new Uri($"/v1/shares/{first["id"]}", UriKind.Relative));
        await talk.SharedAsync();
    }

    [Fact]
    public async Task The_address_is_the_configured_one_whatever_the_gateway_says()
    {
        using var talk = await SharedTalk.StartAsync(api);
        await talk.UserAsync("hi");
        talk.Client.DefaultRequestHeaders.Add("X-Forwarded-Host", "elsewhere.example");
        var share = await talk.SharedAsync();
        Assert.Equal($"https://chat.example/v1/public/shares/{share["slug"]}", share["share_url"]!.GetValue<string>());
    }
}

public class SharingOffTests(SharingOffTests.Host api) : IClassFixture<SharingOffTests.Host>
{
    /// <summary>With sharing switched off.</summary>
    public sealed class Host : LlmApiFactory
    {
        public Host() => this["Shares:Enabled"] = "false";
    }

    [Fact]
    public async Task Where_sharing_is_off_nothing_is_shared_or_read_and_owners_can_clean_up()
    {
        using var talk = await SharedTalk.StartAsync(api);
        await talk.UserAsync("hi");
        using var refused = await talk.ShareAsync(new { scope = "conversation" });
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        await api.Database.ExecuteAsync(
            $"""
            INSERT INTO conversation_shares (id, slug, conversation_id, user_id, organization_id, project_id, snapshot, snapshot_version,
                include_images, include_context, include_reasoning, created_at, updated_at)
            SELECT gen_random_uuid(), '0123456789abcdefABCDEF', id, user_id, organization_id, project_id, '{"{}"}', 1, false, false, false, now(), now()
            FROM conversations WHERE id = '{talk.Id.Value}'
            """);
        using var read = await talk.OpenAsync(JsonNode.Parse("""{"slug":"0123456789abcdefABCDEF"}""")!);
        Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
        var share = JsonNode.Parse(await talk.Client.GetStringAsync(new Uri("/v1/shares", UriKind.Relative)))!["data"]![0]!;
        using var revoked = await talk.Client.DeleteAsync(new Uri($"/v1/shares/{share["id"]}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
    }
}
