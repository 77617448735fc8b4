using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using JanServer.LlmApi.Providers;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests.Providers;

public class ProviderKeyRotationTests
{
    private const string OldKey = "the-old-master-key-for-tests-which-is-long";
    private const string NewKey = "the-new-master-key-for-tests-which-is-long";

    private sealed class Host : LlmApiFactory, IAsyncDisposable
    {
        public static async Task<Host> StartAsync(string key, string keyId, string? previous = null, string? previousId = null, string? database = null)
        {
            var host = new Host();
            host["Providers:Encryption:Key"] = key;
            host["Providers:Encryption:KeyId"] = keyId;
            if (previous is not null)
            {
                host["Providers:Encryption:PreviousKey"] = previous;
                host["Providers:Encryption:PreviousKeyId"] = previousId;
            }

            host["Upstreams:ReloadPeriod"] = "00:00:00.100";
            if (database is not null)
            {
                host["ConnectionStrings:llmdb"] = database;
            }

            await host.InitializeAsync();
            return host;
        }

        async ValueTask IAsyncDisposable.DisposeAsync() => await ((IAsyncLifetime)this).DisposeAsync();
    }

    [Fact]
    public async Task After_a_rotation_the_old_key_can_be_forgotten()
    {
        await using var upstream = await FakeUpstream.StartAsync();
        upstream.Always("/v1/models", x => x.JsonAsync(OpenAIShapes.Models("m")));
        upstream.Always("/v1/chat/completions", x => x.JsonAsync(OpenAIShapes.Completion("hi")));
        await using var old = await Host.StartAsync(OldKey, "1");
        using var admin = old.ClientFor(TestCallers.Admin());
        using var created = await admin.PostAsJsonAsync(new Uri("/v1/admin/providers", UriKind.Relative), new { name = "rotated", base_url = upstream.BaseAddress, api_key = "the-secret" });
        Assert.Equal(HttpStatusCode.OK, created.StatusCode);
        var database = old.Database.ConnectionString;

        await using (var both = await Host.StartAsync(NewKey, "2", OldKey, "1", database))
        {
            Assert.Equal("""{"rotated_count":1,"skipped_count":0,"failed_providers":[]}""", await RotateAsync(both));
            Assert.Equal("""{"rotated_count":0,"skipped_count":1,"failed_providers":[]}""", await RotateAsync(both));
        }

        Assert.Equal("2", await old.Database.ScalarAsync<string>("SELECT key_id FROM providers"));
        await using var later = await Host.StartAsync(NewKey, "2", database: database);
        using var client = later.Client();
        await Testing.Eventually.True(async () =>
        {
            using var answer = await client.ChatAsync("""{"model":"m","messages":[{"role":"user","content":"hi"}]}""");
            return answer.StatusCode == HttpStatusCode.OK;
        });
        Assert.Equal("Bearer the-secret", upstream.Requests.Last().Header("Authorization"));

        await using var lost = await Host.StartAsync(OldKey, "3", database: database);
        Assert.Contains("rotated", JsonNode.Parse(await RotateAsync(lost))!["failed_providers"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("2", await old.Database.ScalarAsync<string>("SELECT key_id FROM providers"));
        using var output = new StringWriter();
        Assert.Equal(1, await ProviderKeyRotation.RunAsync(lost.Services, output));
        Assert.Contains("rotated opens with no configured key", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret", output.ToString(), StringComparison.Ordinal);
    }

    private static async Task<string> RotateAsync(Host host)
    {
        using var admin = host.ClientFor(TestCallers.Admin());
        using var response = await admin.PostAsync(new Uri("/v1/admin/providers/rotate-keys", UriKind.Relative), null);
        return await response.Content.ReadAsStringAsync();
    }
}
