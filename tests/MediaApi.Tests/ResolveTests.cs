using System.Net;
using System.Text.Json;
using JanServer.Contracts.Media;
using JanServer.MediaApi.Tests.Fixtures;
using JanServer.Testing.Identity;

namespace JanServer.MediaApi.Tests;

public sealed class ResolveTests(MediaService media) : IClassFixture<MediaService>
{
    private const string Nobodys = "jan_00000000000000000000000001";

    [Fact]
    public async Task Ids_become_links_and_those_that_are_not_the_callers_are_missing()
    {
        using var bob = media.Client();
        var foreign = (await bob.IngestAsync(MediaService.Png()).JsonAsync()).Text("id");
        var ann = media.MediaOf(TestCallers.User());
        var stored = await ann.StoreAsync(MediaService.Png(), "image/png", "a.png", CancellationToken.None);

        var resolution = await ann.ResolveAsync([stored.Id, stored.Id, foreign, Nobodys, "no id"], CancellationToken.None);

        var found = Assert.Single(resolution.Found).Value;
        Assert.Equal((stored.Id, "image/png", 200), (found.Id, found.MimeType, found.Bytes));
        Assert.Equal([Nobodys, foreign, "no id"], resolution.Missing.Order(StringComparer.Ordinal));
        using var answer = await media.FollowAsync(found.Url);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_model_server_gets_the_files_themselves()
    {
        var content = MediaService.Png();
        var ann = media.MediaOf(TestCallers.User());
        var stored = await ann.StoreAsync(content, "image/jpeg", null, CancellationToken.None);

        var resolution = await ann.ResolveAsDataUrlsAsync([stored.Id], CancellationToken.None);

        Assert.Equal(MediaService.DataUrl(content), resolution.Found[stored.Id].Url);
        Assert.Null(resolution.Found[stored.Id].ExpiresAt);
        Assert.Equal(content, await ann.ReadAsync(stored.Id, CancellationToken.None));
        Assert.Null(await ann.ReadAsync(Nobodys, CancellationToken.None));
        Assert.Null(await ann.ReadAsync("../../etc/passwd", CancellationToken.None));
    }

    [Fact]
    public async Task Files_that_are_too_large_together_are_refused_as_data_but_not_as_links()
    {
        var service = new MediaService();
        service["Media:MaxResolvedBytes"] = "1024";
        await using var _ = service;
        await service.InitializeAsync();
        var ann = service.MediaOf(TestCallers.User());
        List<string> ids = [];
        for (var i = 0; i < 6; i++)
        {
            ids.Add((await ann.StoreAsync(MediaService.Png(), "image/png", null, CancellationToken.None)).Id);
        }

        await Assert.ThrowsAsync<MediaTooLargeException>(() => ann.ResolveAsDataUrlsAsync(ids, CancellationToken.None));
        Assert.Equal(5, (await ann.ResolveAsDataUrlsAsync(ids[..5], CancellationToken.None)).Found.Count);
        Assert.Equal(6, (await ann.ResolveAsync(ids, CancellationToken.None)).Found.Count);
    }

    [Theory]
    [InlineData("{}", "ids")]
    [InlineData("""{"ids":[]}""", "ids")]
    [InlineData("""{"ids":["jan_x"],"as":"pigeon"}""", "as")]
    public async Task A_bad_question_is_named(string body, string param)
    {
        using var client = media.Client();

        await client.PostAsync("/v1/media/resolve", body).ErrorAsync(HttpStatusCode.BadRequest, param);
        await client.PostAsync("/v1/media/resolve", JsonSerializer.Serialize(new { ids = Enumerable.Repeat("jan_x", 101) }))
            .ErrorAsync(HttpStatusCode.BadRequest, "ids");
    }

    [Fact]
    public async Task Ids_inside_any_json_become_links_and_nothing_else_changes()
    {
        using var client = media.Client();
        var id = (await client.IngestAsync(MediaService.Png()).JsonAsync()).Text("id");
        var payload = $$$"""
            {"payload":{"messages":[{"role":"user","content":[
                {"type":"image_url","image_url":{"url":"data:image/png;{{{id}}}"}},
                {"type":"image_url","image_url":{"url":"data:image/png;base64,{{{id}}}"}},
                {"type":"image_url","image_url":{"url":"{{{id}}}"}},
                {"type":"text","text":"about {{{id}}} and data:image/jpeg;{{{id}}}."}]}],"n":1.50,"{{{id}}}":null}}
            """;

        var resolved = (await client.PostAsync("/v1/media/resolve", payload).JsonAsync()).GetProperty("payload");

        var parts = resolved.GetProperty("messages")[0].GetProperty("content");
        for (var i = 0; i < 3; i++)
        {
            using var answer = await media.FollowAsync(parts[i].GetProperty("image_url").Text("url"));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.StartsWith($"about {id} and https://", parts[3].Text("text"), StringComparison.Ordinal);
        Assert.Equal("1.50", resolved.GetProperty("n").GetRawText());
        Assert.Equal(JsonValueKind.Null, resolved.GetProperty(id).ValueKind);
    }

    [Fact]
    public async Task Json_without_ids_stays_as_it_is_and_with_an_unknown_one_is_not_found()
    {
        using var client = media.Client();

        var unchanged = await client.PostAsync("/v1/media/resolve", """{"payload":{"a":[1,"jan_x",{"url":"https://example.com"}]}}""").JsonAsync();
        Assert.Equal("""{"a":[1,"jan_x",{"url":"https://example.com"}]}""", unchanged.GetProperty("payload").GetRawText());

        var error = await client.PostAsync("/v1/media/resolve", $$$"""{"payload":{"url":"data:image/png;{{{Nobodys}}}"}}""")
            .ErrorAsync(HttpStatusCode.NotFound, "payload");
        Assert.Contains(Nobodys, error.Text("message"), StringComparison.Ordinal);
    }
}
