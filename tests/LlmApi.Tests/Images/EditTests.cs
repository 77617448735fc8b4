using System.Globalization;
using JanServer.Testing;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests.Images;

public sealed class EditTests(ImageFactory api) : IClassFixture<ImageFactory>
{
    private const string Path = "/v1/images/edits";

    private static readonly string Base64 = Convert.ToBase64String(ImageFactory.Png);

    public static TheoryData<string> Spellings =>
    [
        $$"""{"b64_json":"{{Convert.ToBase64String(ImageFactory.Png)}}"}""",
        $$"""{"url":"data:image/png;base64,{{Convert.ToBase64String(ImageFactory.Png)}}"}""",
        $$"""{"id":"{{ImageFactory.StoredId}}"}""",
        $$"""{"url":"{{ImageFactory.StoredId}}"}""",
        $"\"{ImageFactory.StoredId}\"",
        $"\"{Convert.ToBase64String(ImageFactory.Png)}\"",
        """{"url":"ADDRESS/photo.png"}""",
        "\"ADDRESS/photo.png\"",
    ];

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task An_image_is_found_however_it_is_named(string image)
    {
        var mark = Guid.CreateVersion7().ToString();
        api.Upstream.Next(Path, exchange => exchange.JsonAsync(OpenAIShapes.Images(ImageFactory.Png)));
        using var client = api.Client();

        var answer = await client.PostAsync(
            Path, $$"""{"model":"vendor/model","prompt":"{{mark}}","image":{{Addressed(image)}},"size":"original","strength":0.5}""").JsonAsync();

        Assert.Equal(ImageFactory.StoredId, answer.GetProperty("data")[0].GetProperty("id").GetString());
        var sent = SentWith(mark);
        Assert.StartsWith("multipart/form-data", sent.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Contains("name=\"image\"; filename=\"image.png\"", sent.Text, StringComparison.Ordinal);
        Assert.True(sent.Body.AsSpan().IndexOf(ImageFactory.Png) > 0);
        Assert.Matches("name=\"model\"\\s+fake-model", sent.Text.Replace("Content-Type: text/plain; charset=utf-8", "", StringComparison.Ordinal));
        Assert.Contains("name=\"strength\"", sent.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"size\"", sent.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_is_understood_as_openais_clients_send_it()
    {
        var mark = Guid.CreateVersion7().ToString();
        api.Upstream.Next(Path, exchange => exchange.JsonAsync(OpenAIShapes.Images(ImageFactory.Png)));
        using var client = api.Client();
        using var form = new MultipartFormDataContent
        {
            { new StringContent("vendor/model"), "model" },
            { new StringContent(mark), "prompt" },
            { new StringContent("2"), "n" },
            { new StringContent("b64_json"), "response_format" },
            { new ByteArrayContent(ImageFactory.Png), "image[]", "a.png" },
            { new ByteArrayContent(ImageFactory.Png), "image[]", "b.png" },
            { new ByteArrayContent(ImageFactory.Png), "mask", "m.png" },
        };

        var answer = await client.PostAsync(new Uri(Path, UriKind.Relative), form).Soon().JsonAsync();

        Assert.Equal(ImageFactory.Png, answer.GetProperty("data")[0].GetProperty("b64_json").GetBytesFromBase64());
        var sent = SentWith(mark).Text;
        Assert.Equal(2, sent.Split("name=\"image[]\"").Length - 1);
        Assert.Contains("name=\"mask\"", sent, StringComparison.Ordinal);
        Assert.Contains("name=\"n\"", sent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null", "image", 400)]
    [InlineData("[]", "image", 400)]
    [InlineData("5", "image", 400)]
    [InlineData("{}", "image", 400)]
    [InlineData("[\"x\",5]", "image[1]", 400)]
    [InlineData("\"!!!\"", "image", 400)]
    [InlineData("\"aGVsbG8=\"", "image", 400)]
    [InlineData("{\"url\":\"jan_00000000000000000000000001\"}", "image.url", 400)]
    [InlineData("{\"url\":\"data:image/png,x\"}", "image.url", 400)]
    [InlineData("{\"url\":\"http://127.0.0.1:PORT/photo.png\"}", "image.url", 400)]
    [InlineData("{\"url\":\"http://169.254.169.254/latest/meta-data\"}", "image.url", 400)]
    [InlineData("{\"url\":\"ADDRESS/inside\"}", "image.url", 400)]
    [InlineData("{\"url\":\"file:///etc/passwd\"}", "image.url", 400)]
    public async Task An_image_that_is_none_or_out_of_bounds_is_refused(string image, string param, int status)
    {
        using var client = api.Client();

        await client.PostAsync(Path, $$"""{"model":"vendor/model","prompt":"x","image":{{Addressed(image)}}}""").RefusedAsync(status, param);
    }

    [Fact]
    public async Task An_image_that_is_too_large_is_refused()
    {
        using var client = api.Client();
        byte[] large = [.. ImageFactory.Png, .. new byte[2048]];

        await client.PostAsync(Path, $$"""{"model":"vendor/model","prompt":"x","image":"{{Convert.ToBase64String(large)}}"}""").RefusedAsync(413, "image");
        using var form = new MultipartFormDataContent
        {
            { new StringContent("vendor/model"), "model" }, { new StringContent("x"), "prompt" }, { new ByteArrayContent(large), "image", "a.png" },
        };
        await client.PostAsync(new Uri(Path, UriKind.Relative), form).Soon().RefusedAsync(413, "image");
        await client.PostAsync(Path, $$"""{"model":"vendor/model","prompt":"x","image":[{{string.Join(',', Enumerable.Repeat($"\"{Base64}\"", 17))}}]}""")
            .RefusedAsync(400, "image");
    }

    [Fact]
    public async Task A_form_without_an_image_or_with_a_bad_number_is_refused()
    {
        using var client = api.Client();
        using var without = new MultipartFormDataContent { { new StringContent("vendor/model"), "model" }, { new StringContent("x"), "prompt" } };
        await client.PostAsync(new Uri(Path, UriKind.Relative), without).Soon().RefusedAsync(400, "image");

        using var bad = new MultipartFormDataContent
        {
            { new StringContent("vendor/model"), "model" }, { new StringContent("x"), "prompt" }, { new StringContent("many"), "n" },
            { new ByteArrayContent(ImageFactory.Png), "image", "a.png" },
        };
        await client.PostAsync(new Uri(Path, UriKind.Relative), bad).Soon().RefusedAsync(400, "n");
    }

    private string Addressed(string image) => image
        .Replace("ADDRESS", api.Address(""), StringComparison.Ordinal)
        .Replace("PORT", api.MediaApi.BaseAddress.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private RecordedRequest SentWith(string mark) => api.Upstream.Requests.Single(request => request.Text.Contains(mark, StringComparison.Ordinal));
}
