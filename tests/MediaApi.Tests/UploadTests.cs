using System.Net;
using System.Text;
using System.Text.Json;
using JanServer.MediaApi.Tests.Fixtures;
using JanServer.Testing;
using JanServer.Testing.Identity;

namespace JanServer.MediaApi.Tests;

public sealed class UploadTests(MediaService media) : IClassFixture<MediaService>
{
    public static TheoryData<string, string> Kinds => new()
    {
        { "89504E470D0A1A0A0000", "image/png" },
        { "FFD8FFE000104A464946", "image/jpeg" },
        { "474946383961010001000000", "image/gif" },
        { "524946461A00000057454250", "image/webp" },
        { "424D3A000000000000003600", "image/bmp" },
        { "49492A0008000000", "image/tiff" },
        { "4D4D002A00000008", "image/tiff" },
        { "524946461A00000057415645", "audio/wav" },
        { "49443303000000000000", "audio/mpeg" },
        { "FFFB90640000", "audio/mpeg" },
        { "255044462D312E37", "application/pdf" },
    };

    [Fact]
    public async Task A_file_in_a_data_url_is_stored_and_described()
    {
        var content = MediaService.Png();
        using var client = media.Client();

        var stored = await client.IngestAsync(content, "../holiday/photo.png").JsonAsync();

        Assert.Matches("^jan_[a-z0-9]{26}$", stored.Text("id"));
        Assert.Equal("image/png", stored.Text("mime"));
        Assert.Equal("image/png", stored.Text("mime_type"));
        Assert.Equal(200, stored.GetProperty("bytes").GetInt64());
        Assert.False(stored.GetProperty("deduped").GetBoolean());
        Assert.Equal("photo.png", stored.Text("filename"));
        Assert.StartsWith($"https://jan.example.test/api/media/{stored.Text("id")}?", stored.Text("url"), StringComparison.Ordinal);

        var described = await client.AskAsync($"/v1/media/{stored.Text("id")}").JsonAsync();
        Assert.Equal("media", described.Text("object"));
        Assert.Equal("image/png", described.Text("mime_type"));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)), described.Text("sha256"));
    }

    [Fact]
    public async Task A_file_in_a_form_is_stored()
    {
        var content = MediaService.Png();
        using var client = media.Client();

        var stored = await client.UploadAsync(content, "ä.png").JsonAsync();

        using var read = await client.AskAsync($"/v1/media/{stored.Text("id")}/content").Soon();
        Assert.Equal(content, await read.Content.ReadAsByteArrayAsync());
        Assert.Equal("ä.png", stored.Text("filename"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_content_decides_what_a_file_is(string head, string type)
    {
        using var client = media.Client();

        Assert.Equal(type, (await client.UploadAsync([.. Convert.FromHexString(head), .. MediaService.Png(32)], "a.txt").JsonAsync()).Text("mime_type"));
    }

    [Theory]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>")]
    [InlineData("<html><script>alert(1)</script></html>")]
    [InlineData("RIFFxxxxAVI LIST")]
    [InlineData("BM is not a bitmap")]
    [InlineData("x")]
    public async Task Other_kinds_are_refused(string content)
    {
        using var client = media.Client();

        await client.IngestAsync(Encoding.UTF8.GetBytes(content)).ErrorAsync(HttpStatusCode.UnsupportedMediaType, "source.data_url");
        await client.UploadAsync(Encoding.UTF8.GetBytes(content)).ErrorAsync(HttpStatusCode.UnsupportedMediaType, "file");
    }

    [Fact]
    public async Task The_same_content_is_stored_once_for_its_owner_and_apart_for_another()
    {
        var content = MediaService.Png();
        using var ann = media.Client();
        using var bob = media.Client();

        var first = await ann.IngestAsync(content).JsonAsync();
        var again = await ann.UploadAsync(content).JsonAsync();
        var other = await bob.IngestAsync(content).JsonAsync();

        Assert.Equal(first.Text("id"), again.Text("id"));
        Assert.True(again.GetProperty("deduped").GetBoolean());
        Assert.NotEqual(first.Text("id"), other.Text("id"));
        Assert.False(other.GetProperty("deduped").GetBoolean());
    }

    [Fact]
    public async Task Uploads_of_the_same_content_at_once_are_one_file()
    {
        var content = MediaService.Png();
        using var client = media.Client();

        var stored = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.UploadAsync(content).JsonAsync()));

        var id = Assert.Single(stored.Select(one => one.Text("id")).Distinct());
        Assert.Single(stored, one => !one.GetProperty("deduped").GetBoolean());
        Assert.Single(media.Files, file => file == id);
        using var read = await client.AskAsync($"/v1/media/{id}/content").Soon();
        Assert.Equal(content, await read.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_a_413_and_leaves_nothing()
    {
        using var client = media.Client();
        var before = media.Files.Count;

        await client.UploadAsync(MediaService.Png((64 << 10) + 1)).ErrorAsync(HttpStatusCode.RequestEntityTooLarge, "file");
        await client.IngestAsync(MediaService.Png((64 << 10) + 1)).ErrorAsync(HttpStatusCode.RequestEntityTooLarge, "source.data_url");
        await client.UploadAsync(MediaService.Png(1 << 20)).ErrorAsync(HttpStatusCode.RequestEntityTooLarge);
        Assert.Equal(HttpStatusCode.OK, (await client.UploadAsync(MediaService.Png(64 << 10))).StatusCode);

        Assert.InRange(media.Files.Count, 0, before + 50);
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(media.Folder, "incoming")), file => new FileInfo(file).Length > 0);
    }

    [Theory]
    [InlineData("{}", "source.type")]
    [InlineData("""{"source":{}}""", "source.type")]
    [InlineData("""{"source":{"type":"data_url"}}""", "source.data_url")]
    [InlineData("""{"source":{"type":"data_url","data_url":""}}""", "source.data_url")]
    [InlineData("""{"source":{"type":"data_url","data_url":"data:image/png,abc"}}""", "source.data_url")]
    [InlineData("""{"source":{"type":"data_url","data_url":"data:image/png;base64,###"}}""", "source.data_url")]
    [InlineData("""{"source":{"type":"data_url","data_url":"data:image/png;base64,"}}""", "source.data_url")]
    [InlineData("""{"source":{"type":"data_url","data_url":5}}""", "source.data_url")]
    [InlineData("""{"source":{"type":"remote_url"}}""", "source.url")]
    [InlineData("""{"source":{"type":"remote_url","url":"no url"}}""", "source.url")]
    [InlineData("""{"source":{"type":"remote_url","url":"file:///etc/passwd"}}""", "source.url")]
    [InlineData("""{"source":{"type":"remote_url","url":"http://127.0.0.1:1/"}}""", "source.url")]
    [InlineData("""{"source":{"type":"remote_url","url":"http://169.254.169.254/latest"}}""", "source.url")]
    public async Task A_bad_source_is_named(string body, string param)
    {
        using var client = media.Client();

        await client.PostAsync("/v1/media", body).ErrorAsync(HttpStatusCode.BadRequest, param);
    }

    [Fact]
    public async Task An_unknown_source_type_is_told_in_the_words_that_clients_look_for()
    {
        using var client = media.Client();

        var error = await client.PostAsync("/v1/media", """{"source":{"type":"carrier_pigeon"}}""").ErrorAsync(HttpStatusCode.BadRequest, "source.type");

        Assert.StartsWith("unknown source type", error.Text("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DataURI")]
    [InlineData("dataurl")]
    public async Task Older_spellings_and_escaped_characters_are_understood(string type)
    {
        using var client = media.Client();
        var content = MediaService.Png();
        var escaped = MediaService.DataUrl(content).Replace("+", "\\u002B", StringComparison.Ordinal).Replace("/", "\\/", StringComparison.Ordinal);

        var stored = await client.PostAsync("/v1/media", $$$"""{"source":{"type":"{{{type}}}","data_url":"{{{escaped}}}"}}""").JsonAsync();

        using var read = await client.AskAsync($"/v1/media/{stored.Text("id")}/content").Soon();
        Assert.Equal(content, await read.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_form_without_a_file_or_without_an_end_is_refused()
    {
        using var client = media.Client();
        using var empty = new MultipartFormDataContent { { new StringContent("x"), "user_id" } };
        await client.PostAsync(new Uri("/v1/media/upload", UriKind.Relative), empty).ErrorAsync(HttpStatusCode.BadRequest, "file");

        using var torn = new StringContent("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nabc");
        torn.Headers.ContentType = new("multipart/form-data") { Parameters = { new("boundary", "b") } };
        await client.PostAsync(new Uri("/v1/media/upload", UriKind.Relative), torn).ErrorAsync(HttpStatusCode.BadRequest, "file");

        await client.PostAsync("/v1/media/upload", "{}").ErrorAsync(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Nothing_is_stored_without_a_credential_or_the_scope()
    {
        using var anonymous = media.Anonymous();
        await anonymous.IngestAsync(MediaService.Png()).JsonAsync(HttpStatusCode.Unauthorized);

        using var other = media.ClientFor(TestCallers.User().ByApiKey("conversations"));
        await other.IngestAsync(MediaService.Png()).JsonAsync(HttpStatusCode.Forbidden);

        using var inference = media.ClientFor(TestCallers.User().ByApiKey("inference"));
        await inference.IngestAsync(MediaService.Png()).JsonAsync();
    }

    [Fact]
    public async Task Prepared_uploads_are_not_offered_and_say_what_is()
    {
        using var client = media.Client();

        var error = (await client.PostAsync("/v1/media/prepare-upload", "{}").JsonAsync(HttpStatusCode.NotImplemented)).GetProperty("error");

        Assert.Contains("/v1/media/upload", error.Text("message"), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, error.GetProperty("param").ValueKind);
    }
}
