using System.Net;
using System.Net.Http.Json;
using JanServer.AppHost.Tests.Llama;
using JanServer.Testing;
using JanServer.Testing.Requirements;
using JanServer.Testing.Streams;

namespace JanServer.AppHost.Tests.WholeSystem;

/// <summary>A real engine of another project as a provider: llama.cpp, with random weights.</summary>
[Collection(SharedSystem.Name)]
public sealed class ForeignUpstreamTests(JanServerSystem system)
{
    [NpmFact]
    public async Task A_foreign_engine_is_registered_listed_and_streamed_through_the_gateway()
    {
        var folder = Directory.CreateTempSubdirectory("jan-llama");
        var gguf = Path.Combine(folder.FullName, "tiny.gguf");
        TinyGguf.Write(gguf);
        await using var llama = await LlamaServer.StartAsync(await LlamaLibraries.GetAsync(), gguf);
        folder.Delete(recursive: true);

        using var admin = system.Client(await system.AdminTokenAsync());
        using var created = await admin.PostAsJsonAsync("/v1/admin/providers", new { name = "llama", base_url = llama.BaseAddress.ToString() });
        Assert.True(created.IsSuccessStatusCode, await created.Content.ReadAsStringAsync());
        using var user = system.Client(await system.ApiKeyAsync());
        await Eventually.True(
            async () => (await user.GetStringAsync(new Uri("/v1/models", UriKind.Relative))).Contains(LlamaServer.ModelId, StringComparison.Ordinal),
            "the engine's model is listed");

        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = JsonContent.Create(new
            {
                model = LlamaServer.ModelId,
                stream = true,
                stream_options = new { include_usage = true },
                max_tokens = 24,
                seed = 3,
                messages = new[] { new { role = "user", content = "hello world" } },
            }),
        };
        using var answer = await user.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var reader = await SseReader.OpenAsync(answer);
        var events = await reader.RestAsync();

        Assert.True(events[^1].IsDone);
        Assert.All(events.SkipLast(1), e => Assert.Equal(LlamaServer.ModelId, (string?)e.Json["model"]));
        Assert.True((int)events[^2].Json["usage"]!["completion_tokens"]! > 0);
        Assert.Equal(1, llama.Completed);
    }
}
