using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using JanServer.Contracts.Media;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Hosting;
using JanServer.Testing.Identity;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.MediaApi.Tests.Fixtures;

/// <summary>media-api with a database, a folder and a clock of its own.</summary>
public class MediaService : ServiceFactory<Program>
{
    private readonly string _folder = Directory.CreateTempSubdirectory("media-").FullName;

    public MediaService()
        : base("mediadb")
    {
        this["Media:Path"] = Path.Combine(_folder, "files");
        this["Media:PublicUrl"] = "https://jan.example.test/";
        this["Media:SigningKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        this["Media:MaxBytes"] = (64 << 10).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Starts at the real time, because caller tokens are of the real time.</summary>
    public FakeClock Clock { get; } = new(DateTimeOffset.UtcNow);

    /// <summary>Where the files are.</summary>
    public string Folder => Path.Combine(_folder, "files");

    /// <summary>The files of all folders.</summary>
    public IReadOnlyList<string> Files =>
        [.. Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Select(file => Path.GetFileName(file))];

    /// <summary>A client of a new user.</summary>
    public HttpClient Client() => ClientFor(TestCallers.User());

    /// <summary>The client that other services have.</summary>
    public MediaClient MediaOf(Caller caller) => new(ClientFor(caller));

    /// <summary>Follows a link as a browser does: no credential.</summary>
    public async Task<HttpResponseMessage> FollowAsync(string link)
    {
        using var client = Anonymous();
        return await client.GetAsync(new Uri(client.BaseAddress!, new Uri(link).PathAndQuery)).Soon();
    }

    /// <summary>A small PNG head with content of its own; only its first bytes are looked at.</summary>
    public static byte[] Png(int length = 200) =>
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, .. RandomNumberGenerator.GetBytes(length - 8)];

    public static string DataUrl(byte[] content, string type = "image/png") => $"data:{type};base64,{Convert.ToBase64String(content)}";

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }

        GC.SuppressFinalize(this);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(Clock));
    }
}

internal static class MediaRequests
{
    public static async Task<JsonElement> JsonAsync(this Task<HttpResponseMessage> answer, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var response = await answer.Soon();
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{response.StatusCode}: {text}");
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>The error, which must name <paramref name="param"/>.</summary>
    public static async Task<JsonElement> ErrorAsync(this Task<HttpResponseMessage> answer, HttpStatusCode status, string? param = null)
    {
        var error = (await answer.JsonAsync(status)).GetProperty("error");
        Assert.Equal(param, error.GetProperty("param").GetString());
        return error;
    }

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    public static Task<HttpResponseMessage> PostAsync(this HttpClient client, string path, string json) =>
        client.PostAsync(new Uri(path, UriKind.Relative), new StringContent(json, Encoding.UTF8, "application/json"));

    public static Task<HttpResponseMessage> IngestAsync(this HttpClient client, byte[] content, string? filename = null) =>
        client.PostAsync("/v1/media", JsonSerializer.Serialize(
            new { source = new { type = "data_url", data_url = MediaService.DataUrl(content) }, filename, user_id = "someone" }));

    public static Task<HttpResponseMessage> UploadAsync(this HttpClient client, byte[] content, string? filename = "a.png")
    {
        var form = new MultipartFormDataContent { { new StringContent("someone"), "user_id" } };
        form.Add(new ByteArrayContent(content), "file", filename ?? "file");
        return client.PostAsync(new Uri("/v1/media/upload", UriKind.Relative), form);
    }

    public static Task<HttpResponseMessage> AskAsync(this HttpClient client, string path) => client.GetAsync(new Uri(path, UriKind.Relative));
}
