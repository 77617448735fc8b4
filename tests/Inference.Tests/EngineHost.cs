using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace JanServer.Inference.Tests;

/// <summary>The engine on a real Kestrel at a random port, as fast as it can answer.</summary>
public sealed class EngineHost : WebApplicationFactory<Program>
{
    private readonly IReadOnlyDictionary<string, string> _settings;

    public EngineHost()
        : this(new Dictionary<string, string>())
    {
    }

    private EngineHost(IReadOnlyDictionary<string, string> settings)
    {
        _settings = settings;
        UseKestrel();
    }

    public static EngineHost With(params (string Key, string Value)[] settings) =>
        new(settings.ToDictionary(setting => setting.Key, setting => setting.Value));

    public Uri Address
    {
        get
        {
            StartServer();
            return ClientOptions.BaseAddress;
        }
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");

        // UseKestrel(port) sets the address while the host may already be starting; a setting is there from the beginning.
        builder.UseSetting("urls", "http://127.0.0.1:0");
        builder.UseSetting("Inference:Demo:TokensPerSecond", "0");
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
        foreach (var (key, value) in _settings)
        {
            builder.UseSetting(key, value);
        }
    }

    /// <summary>Posts JSON text; the answer is asserted by the caller.</summary>
    public async Task<Answer> PostAsync(string path, string json)
    {
        using var client = CreateClient();
        using var content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), content);
        return new(response.StatusCode, response.Headers, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Asks jan-demo with the user messages and answers between them as alternating texts, and returns what it says.</summary>
    public async Task<string> AskAsync(params string[] texts)
    {
        var messages = texts.Select((text, i) =>
            $$"""{"role":"{{(i % 2 == 0 ? "user" : "assistant")}}","content":{{JsonSerializer.Serialize(text)}}}""");
        var answer = await PostAsync("/v1/chat/completions", $$"""{"model":"jan-demo","messages":[{{string.Join(',', messages)}}]}""");
        return answer.Json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
    }

    /// <summary>Posts a streaming request and returns the data of every event.</summary>
    public async Task<IReadOnlyList<string>> StreamAsync(string path, string json)
    {
        var answer = await PostAsync(path, json);
        return [.. answer.Body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => e["data: ".Length..])];
    }
}

public sealed record Answer(System.Net.HttpStatusCode Status, HttpResponseHeaders Headers, string Body)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public JsonElement Error => Json.GetProperty("error");
}
