using System.Net;
using System.Text.Json.Nodes;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Media;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests.Media;

public class MediaTests(MediaTests.Host api) : IClassFixture<MediaTests.Host>
{
    private const string Png = "data:image/png;base64,iVBORw0KGgo=";

    /// <summary>With a media-api that knows some files.</summary>
    public sealed class Host : LlmApiFactory
    {
        public FakeUpstream MediaApi { get; private set; } = null!;

        public override async Task InitializeAsync()
        {
            MediaApi = await FakeUpstream.StartAsync();
            this["services:media-api:http:0"] = MediaApi.BaseAddress.GetLeftPart(UriPartial.Authority);
            await base.InitializeAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await MediaApi.DisposeAsync();
            GC.SuppressFinalize(this);
        }
    }

    [Fact]
    public async Task Ids_in_every_kind_of_part_become_files_with_one_question_and_all_else_stays()
    {
        var (a, b) = (NewId(), NewId());
        JsonNode? question = null;
        api.MediaApi.Next("/v1/media/resolve", x =>
        {
            question = x.Request.Json;
            return x.JsonAsync(Found(a, b));
        });
        var sent = await ChatAsync(
            $$$"""
            { "messages" : [ {"role":"user","content":[{"type":"text","text":"see {{{a}}}"}, {"image_url": { "url" : "{{{a}}}", "detail":"low"},"type":"image_url"},
              {"type":"input_audio","input_audio":{"format":"wav","data":"{{{b}}}"}},{"type":"file","file":{"filename":"x", "file_id" :"{{{b}}}"}},
              {"type":"image_url","image_url":{"url":"data:image/png;base64,{{{a}}}"}},{"type":"image_url","image_url":{"url":"https://example.test/{{{a}}}"}}]},
              {"role":"assistant","content":"{{{a}}}"},{"role":"user","content":[{"type":"file","file":{"file_data":"{{{a}}}"}}]} ], "model":"vendor/model" }
            """);
        Assert.Equal(
            $$$"""
            { "messages" : [ {"role":"user","content":[{"type":"text","text":"see {{{a}}}"}, {"image_url": { "url" : "{{{Png}}}", "detail":"low"},"type":"image_url"},
              {"type":"input_audio","input_audio":{"format":"wav","data":"iVBORw0KGgo="}},{"type":"file","file":{"filename":"x", "file_data":"{{{Png}}}"}},
              {"type":"image_url","image_url":{"url":"{{{Png}}}"}},{"type":"image_url","image_url":{"url":"https://example.test/{{{a}}}"}}]},
              {"role":"assistant","content":"{{{a}}}"},{"role":"user","content":[{"type":"file","file":{"file_data":"{{{Png}}}"}}]} ], "model":"fake-model" }
            """,
            sent);
        Assert.Equal([a, b], question!["ids"]!.AsArray().Select(id => id!.GetValue<string>()));
        Assert.Equal("data_url", question["as"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_unknown_id_is_a_400_that_names_its_part()
    {
        var (known, unknown) = (NewId(), NewId());
        api.MediaApi.Next("/v1/media/resolve", x => x.JsonAsync(Found(known)));
        await AssertRefusedAsync(
            $$$"""{"model":"vendor/model","messages":[{"role":"user","content":"hi"},{"role":"user","content":[{"type":"image_url","image_url":{"url":"{{{known}}}"}},{"type":"image_url","image_url":{"detail":"low","url":"{{{unknown}}}"}}]}]}""",
            HttpStatusCode.BadRequest,
            "messages[1].content[1].image_url.url");
    }

    [Fact]
    public Task A_malformed_id_is_a_400_without_a_question() => AssertRefusedAsync(
        """{"model":"vendor/model","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"jan_nonsense"}}]}]}""",
        HttpStatusCode.BadRequest,
        "messages[0].content[0].image_url.url");

    [Fact]
    public async Task Files_too_large_to_send_along_become_links()
    {
        var id = NewId();
        api.MediaApi.Next("/v1/media/resolve", x => x.ErrorAsync(413, "request_too_large", "large"));
        api.MediaApi.Next("/v1/media/resolve", x => x.JsonAsync(Found(id).Replace(Png, "https://media.test/a?sig=1", StringComparison.Ordinal)));
        var sent = await ChatAsync(Image(id));
        Assert.Equal(Image("https://media.test/a?sig=1").Replace("vendor/model", "fake-model", StringComparison.Ordinal), sent);
    }

    [Fact]
    public async Task A_media_api_that_fails_is_a_503()
    {
        api.MediaApi.Always("/v1/media/resolve", x => x.ErrorAsync(500, "internal_error", "oops"));
        await AssertRefusedAsync(Image(NewId()), HttpStatusCode.ServiceUnavailable, null);
    }

    [Fact]
    public async Task Without_a_media_api_an_id_is_refused()
    {
        await using var host = new LlmApiFactory();
        await ((IAsyncLifetime)host).InitializeAsync();
        using var response = await host.Client().ChatAsync(Image(NewId()));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("no media-api", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static string NewId() => Id<MediaRef>.New(TimeProvider.System).ToString();

    private static string Image(string url) =>
        $$$"""{"model":"vendor/model","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"{{{url}}}"}}]}]}""";

    private static string Found(params string[] ids) =>
        $$$"""{"media":[{{{string.Join(',', ids.Select(id => $$$"""{"id":"{{{id}}}","url":"{{{Png}}}","mime_type":"image/png","bytes":8}"""))}}}],"missing":[]}""";

    private async Task<string> ChatAsync(string body)
    {
        RecordedRequest? asked = null;
        api.Upstream.NextChat(x =>
        {
            asked = x.Request;
            return x.JsonAsync(OpenAIShapes.Completion("hi"));
        });
        using var response = await api.Client().ChatAsync(body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return asked!.Text;
    }

    private async Task AssertRefusedAsync(string body, HttpStatusCode status, string? param)
    {
        using var response = await api.Client().ChatAsync(body);
        Assert.Equal(status, response.StatusCode);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!;
        Assert.Equal(param, error["param"]?.GetValue<string>());
    }
}
