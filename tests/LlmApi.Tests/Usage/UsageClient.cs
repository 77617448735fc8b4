using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JanServer.Testing;

namespace JanServer.LlmApi.Tests.Usage;

internal static class UsageClient
{
    public static readonly DateTimeOffset March = new(2026, 3, 10, 0, 0, 0, TimeSpan.Zero);

    public static string From(DateTimeOffset start, DateTimeOffset? end = null) =>
        $"start_time={start.ToUnixTimeSeconds()}" + (end is { } until ? $"&end_time={until.ToUnixTimeSeconds()}" : "");

    public static async Task<JsonElement> ReadAsync(this HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative)).Soon();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {await response.Content.ReadAsStringAsync()}");
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public static async Task<string?> ParamAsync(this HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative)).Soon();
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        return error.GetProperty("param").GetString();
    }

    public static async Task<HttpStatusCode> StatusAsync(this HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative)).Soon();
        return response.StatusCode;
    }

    /// <summary>The results of all buckets of a page.</summary>
    public static List<JsonElement> Results(this JsonElement page) =>
        [.. page.GetProperty("data").EnumerateArray().SelectMany(bucket => bucket.GetProperty("results").EnumerateArray())];

    public static long Long(this JsonElement element, string name) => element.GetProperty(name).GetInt64();

    public static string? Text(this JsonElement element, string name) => element.GetProperty(name).GetString();
}
