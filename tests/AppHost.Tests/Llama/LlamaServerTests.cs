using System.Net.Http.Json;
using System.Text.Json;
using JanServer.Testing.Requirements;

namespace JanServer.AppHost.Tests.Llama;

public sealed class LlamaServerTests
{
    [NpmFact]
    public async Task The_engine_that_other_tests_use_as_an_upstream_generates_and_counts()
    {
        var folder = Directory.CreateTempSubdirectory("jan-llama");
        try
        {
            var libraries = await LlamaLibraries.GetAsync();
            var gguf = Path.Combine(folder.FullName, "tiny.gguf");
            TinyGguf.Write(gguf);
            await using var server = await LlamaServer.StartAsync(libraries, gguf);
            using var http = new HttpClient();
            var first = await AskAsync(http, server);
            var second = await AskAsync(http, server);
            Assert.InRange(first.GetProperty("usage").GetProperty("completion_tokens").GetInt32(), 1, 12);
            Assert.Equal(first.GetProperty("choices").ToString(), second.GetProperty("choices").ToString());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<JsonElement> AskAsync(HttpClient http, LlamaServer server)
    {
        var request = new { model = LlamaServer.ModelId, max_tokens = 12, seed = 3, messages = new[] { new { role = "user", content = "hello world" } } };
        using var answer = await http.PostAsJsonAsync(server.BaseAddress + "/chat/completions", request);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
