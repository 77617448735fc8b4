using System.Text;
using System.Text.Json;
using JanServer.Contracts.Media;
using JanServer.Testing;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests.Images;

/// <summary>With a media-api that stores what it is given, and one host that users' URLs may lead to.</summary>
public sealed class ImageFactory : LlmApiFactory
{
    /// <summary>What media-api calls everything.</summary>
    public const string StoredId = "jan_01k8adva4uf0lb5b1gd454tlnv";

    public const string StoredUrl = "https://jan.example.test/api/media/x?signature=y";

    public static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3, 4];

    public FakeUpstream MediaApi { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        MediaApi = await FakeUpstream.StartAsync();
        this["services:media-api:http:0"] = MediaApi.BaseAddress.GetLeftPart(UriPartial.Authority);
        this["Outbound:AllowedHosts:0"] = "localhost";
        this["Images:MaxInputBytes"] = "2048";
        MediaApi.Always("/v1/media/upload", exchange => exchange.JsonAsync(JsonSerializer.Serialize(
            new StoredMedia(StoredId, "image/png", "image/png", Png.Length, false, StoredUrl, 1), MediaJson.Default.StoredMedia)));
        MediaApi.Always("/v1/media/resolve", exchange =>
        {
            var ids = exchange.Request.Json["ids"]!.AsArray().Select(id => id!.GetValue<string>()).ToList();
            var list = new ResolvedMediaList(
                [.. ids.Where(id => id == StoredId).Select(id => new ResolvedMedia(id, $"data:image/png;base64,{Convert.ToBase64String(Png)}", "image/png", Png.Length))],
                [.. ids.Where(id => id != StoredId)]);
            return exchange.JsonAsync(JsonSerializer.Serialize(list, MediaJson.Default.ResolvedMediaList));
        });
        MediaApi.Always("/photo.png", exchange => exchange.BytesAsync(Png, "image/png"));
        MediaApi.Always("/inside", exchange => exchange.RedirectAsync($"http://127.0.0.1:{MediaApi.BaseAddress.Port}/photo.png"));
        await base.InitializeAsync();
    }

    /// <summary>The address of something at the host that URLs may lead to.</summary>
    public string Address(string path) => $"http://localhost:{MediaApi.BaseAddress.Port}{path}";

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (MediaApi is not null)
        {
            await MediaApi.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}

internal static class ImageRequests
{
    public static Task<HttpResponseMessage> PostAsync(this HttpClient client, string path, string json) =>
        client.PostAsync(new Uri(path, UriKind.Relative), new StringContent(json, Encoding.UTF8, "application/json")).Soon();

    public static async Task<JsonElement> JsonAsync(this Task<HttpResponseMessage> answer, int status = 200)
    {
        using var response = await answer;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{response.StatusCode}: {text}");
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public static async Task RefusedAsync(this Task<HttpResponseMessage> answer, int status, string? param) =>
        Assert.Equal(param, (await answer.JsonAsync(status)).GetProperty("error").GetProperty("param").GetString());
}
