using System.Net;
using System.Net.Http.Headers;
using JanServer.MediaApi.Tests.Fixtures;
using JanServer.Testing;
using JanServer.Testing.Identity;

namespace JanServer.MediaApi.Tests;

public sealed class DownloadTests(MediaService media) : IClassFixture<MediaService>
{
    [Fact]
    public async Task A_link_works_without_a_credential_and_is_harmless_in_a_browser()
    {
        var content = MediaService.Png();
        using var client = media.Client();
        var stored = await client.IngestAsync(content, "photo \"1\".png").JsonAsync();

        using var answer = await media.FollowAsync(stored.Text("url"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(content, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(content.Length, answer.Content.Headers.ContentLength);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("default-src 'none'; sandbox", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("cross-origin", answer.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        Assert.Equal("inline", answer.Content.Headers.ContentDisposition?.DispositionType);
        Assert.True(answer.Headers.CacheControl is { Private: true, MaxAge.TotalSeconds: > 3500 });
        Assert.NotNull(answer.Headers.ETag);
    }

    [Fact]
    public async Task A_document_is_downloaded_and_not_shown()
    {
        using var client = media.Client();
        var stored = await client.UploadAsync([.. "%PDF-1.7"u8, .. MediaService.Png()], "a.pdf").JsonAsync();

        using var answer = await media.FollowAsync(stored.Text("url"));

        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
    }

    [Fact]
    public async Task A_part_can_be_asked_for_and_an_unchanged_file_is_not_sent_again()
    {
        var content = MediaService.Png();
        using var client = media.Client();
        var path = $"/v1/media/{(await client.IngestAsync(content).JsonAsync()).Text("id")}/content";

        using var part = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative)) { Headers = { Range = new(10, 19) } };
        using var ranged = await client.SendAsync(part).Soon();
        Assert.Equal(HttpStatusCode.PartialContent, ranged.StatusCode);
        Assert.Equal(content[10..20], await ranged.Content.ReadAsByteArrayAsync());

        using var again = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        again.Headers.IfNoneMatch.Add(ranged.Headers.ETag!);
        using var unchanged = await client.SendAsync(again).Soon();
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        using var beyond = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative)) { Headers = { Range = new RangeHeaderValue(5000, 6000) } };
        using var refused = await client.SendAsync(beyond).Soon();
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, refused.StatusCode);
    }

    [Fact]
    public async Task A_link_that_was_changed_or_has_no_signature_is_refused()
    {
        using var client = media.Client();
        var url = (await client.IngestAsync(MediaService.Png()).JsonAsync()).Text("url");
        var other = (await client.IngestAsync(MediaService.Png()).JsonAsync()).Text("id");
        var id = new Uri(url).Segments[^1];

        string[] forged =
        [
            url[..url.IndexOf('?', StringComparison.Ordinal)],
            url.Replace("expires=", "expires=9", StringComparison.Ordinal),
            url.Replace(id, other, StringComparison.Ordinal),
            url[..^1] + (url[^1] == 'A' ? 'B' : 'A') + "AAAA",
            url.Replace("signature=", "signature=A", StringComparison.Ordinal),
            url[..url.IndexOf("&signature", StringComparison.Ordinal)],
        ];
        foreach (var link in forged)
        {
            using var answer = await media.FollowAsync(link);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_file_is_its_owners_only()
    {
        var ann = TestCallers.User();
        using var owner = media.ClientFor(ann);
        var id = (await owner.IngestAsync(MediaService.Png()).JsonAsync()).Text("id");

        foreach (var stranger in new[] { TestCallers.User(), ann with { ProjectId = TestCallers.User().ProjectId } })
        {
            using var client = media.ClientFor(stranger);
            await client.AskAsync($"/v1/media/{id}").JsonAsync(HttpStatusCode.NotFound);
            await client.AskAsync($"/v1/media/{id}/content").JsonAsync(HttpStatusCode.NotFound);
            await client.AskAsync($"/v1/media/{id}/presign").JsonAsync(HttpStatusCode.NotFound);
            await client.DeleteAsync(new Uri($"/v1/media/{id}", UriKind.Relative)).JsonAsync(HttpStatusCode.NotFound);
            Assert.Empty((await client.AskAsync("/v1/media").JsonAsync()).GetProperty("data").EnumerateArray());
        }

        await owner.AskAsync($"/v1/media/{id}").JsonAsync();
        await owner.AskAsync("/v1/media/jan_nonexistent123").JsonAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_deleted_file_is_gone_with_its_links()
    {
        using var client = media.Client();
        var stored = await client.IngestAsync(MediaService.Png()).JsonAsync();
        var id = stored.Text("id");

        var deleted = await client.DeleteAsync(new Uri($"/v1/media/{id}", UriKind.Relative)).JsonAsync();

        Assert.True(deleted.GetProperty("deleted").GetBoolean());
        using var link = await media.FollowAsync(stored.Text("url"));
        Assert.Equal(HttpStatusCode.NotFound, link.StatusCode);
        Assert.DoesNotContain(id, media.Files);
        await client.DeleteAsync(new Uri($"/v1/media/{id}", UriKind.Relative)).JsonAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_presigned_link_says_how_long_it_works()
    {
        using var client = media.Client();
        var id = (await client.IngestAsync(MediaService.Png()).JsonAsync()).Text("id");

        var link = await client.AskAsync($"/v1/media/{id}/presign").JsonAsync();

        Assert.Equal(id, link.Text("id"));
        Assert.Equal(3600, link.GetProperty("expires_in").GetInt32());
        using var answer = await media.FollowAsync(link.Text("url"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task The_list_is_paged_newest_first()
    {
        using var client = media.Client();
        List<string> ids = [];
        for (var i = 0; i < 5; i++)
        {
            ids.Insert(0, (await client.IngestAsync(MediaService.Png()).JsonAsync()).Text("id"));
        }

        var first = await client.AskAsync("/v1/media?limit=3").JsonAsync();
        var second = await client.AskAsync($"/v1/media?limit=3&after={first.Text("last_id")}").JsonAsync();

        Assert.True(first.GetProperty("has_more").GetBoolean());
        Assert.False(second.GetProperty("has_more").GetBoolean());
        Assert.Equal(ids.Order(), first.GetProperty("data").EnumerateArray().Concat(second.GetProperty("data").EnumerateArray()).Select(one => one.Text("id")).Order());
    }
}
