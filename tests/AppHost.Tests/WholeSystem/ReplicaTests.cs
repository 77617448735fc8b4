using System.Net.Http.Headers;
using System.Net.Http.Json;
using Aspire.Hosting.Local;
using Aspire.Hosting.Testing;
using JanServer.Testing;
using JanServer.Testing.Upstreams;

namespace JanServer.AppHost.Tests.WholeSystem;

/// <summary>Two replicas of llm-api behind a gateway of their own: clients cannot tell them from one.</summary>
[Collection(SharedSystem.Name)]
public sealed class ReplicaTests(JanServerSystem system)
{
    private const string Model = "replicated-model";

    [Fact]
    public async Task Two_replicas_behave_as_one_and_outlive_each_other()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        await using var upstream = await FakeUpstream.StartAsync();
        upstream.Always("/v1/models", x => x.JsonAsync(OpenAIShapes.Models(Model)));
        upstream.Always("/v1/chat/completions", x => x.JsonAsync(OpenAIShapes.Completion("hello", Model)));
        var llmApi = system.Application.GetProcessId("llm-api")!.Value;
        await using var second = await Replica.StartAsync(llmApi);
        var first = system.Application.GetEndpoint("llm-api");
        await using var gateway = await Replica.StartAsync(
            system.Application.GetProcessId("gateway")!.Value,
            ("services__llm-api__http__0", first.AbsoluteUri),
            ("services__llm-api__http__1", second.Address.AbsoluteUri));

        // An administrator's change through one replica is a change of both, and one of them keeps it current.
        var token = await system.AdminTokenAsync();
        using var user = new HttpClient { BaseAddress = gateway.Address };
        user.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var created = await user.PostAsJsonAsync("/v1/admin/providers", new { name = "replicated", base_url = upstream.BaseAddress.ToString() });
        Assert.True(created.IsSuccessStatusCode, await created.Content.ReadAsStringAsync());
        foreach (var address in new[] { first, second.Address })
        {
            using var direct = new HttpClient { BaseAddress = address };
            direct.DefaultRequestHeaders.Authorization = user.DefaultRequestHeaders.Authorization;
            await Eventually.True(
                async () => (await direct.GetStringAsync(new Uri("/v1/models", UriKind.Relative))).Contains(Model, StringComparison.Ordinal),
                $"{address} lists the model");
        }

        // One conversation, whichever replica takes its turns.
        var answer = await ChatAsync(user, "", 0);
        var conversation = answer.GetProperty("conversation").GetProperty("id").GetString()!;
        for (var turn = 1; turn < 10; turn++)
        {
            await ChatAsync(user, conversation, turn);
        }

        second.Kill();
        for (var turn = 10; turn < 20; turn++)
        {
            await Eventually.Succeeds(() => ChatAsync(user, conversation, turn));
        }

        var items = await JanServerSystem.ReadAsync(
            await user.GetAsync(new Uri($"/v1/conversations/{conversation}/items?limit=100&order=asc", UriKind.Relative)));
        Assert.Equal(
            Enumerable.Range(0, 20).SelectMany(turn => new[] { $"turn {turn}", "hello" }),
            items.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("content")[0].GetProperty("text").GetString()!));
    }

    private static async Task<System.Text.Json.JsonElement> ChatAsync(HttpClient user, string conversation, int turn)
    {
        using var answer = await user.PostAsJsonAsync(
            "/v1/chat/completions",
            new { model = Model, conversation, messages = new[] { new { role = "user", content = $"turn {turn}" } } });
        return await JanServerSystem.ReadAsync(answer);
    }
}
