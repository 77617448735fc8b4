using System.Net;
using System.Net.Http.Json;
using JanServer.Accounts.Tests.Fixtures;
using JanServer.Testing.Identity;

namespace JanServer.Accounts.Tests.FeatureFlags;

public sealed class FeatureFlagTests(AccountsService service) : IClassFixture<AccountsService>
{
    private const string Flags = "/v1/admin/feature-flags";

    [Fact]
    public async Task There_is_a_flag_for_experimental_models_from_the_start()
    {
        using var admin = service.ClientFor(TestCallers.Admin());

        var flags = (await admin.GetAsync(Flags).JsonAsync()).GetProperty("data").EnumerateArray();

        Assert.StartsWith("flag_", Assert.Single(flags, flag => flag.Text("key") == "experimental_models").Text("id"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flag_keeps_its_key_while_the_rest_changes()
    {
        using var admin = service.ClientFor(TestCallers.Admin());
        var made = await admin.PostAsJsonAsync(Flags, new { key = "new_search_2", name = "New search", category = "search" }).JsonAsync(HttpStatusCode.Created);

        var changed = await admin.PatchAsJsonAsync($"{Flags}/{made.Text("id")}", new { description = "Searches anew.", key = "other" }).JsonAsync();

        Assert.Equal("new_search_2", made.Text("key"));
        Assert.Equal(
            ("new_search_2", "New search", "Searches anew.", "search"),
            (changed.Text("key"), changed.Text("name"), changed.Text("description"), changed.Text("category")));
        await admin.DeleteAsync($"{Flags}/{made.Text("id")}").JsonAsync(HttpStatusCode.NoContent);
        await admin.DeleteAsync($"{Flags}/{made.Text("id")}").ErrorAsync(HttpStatusCode.NotFound);
        await admin.PatchAsJsonAsync($"{Flags}/{made.Text("id")}", new { name = "x" }).ErrorAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Of_flags_with_one_key_made_at_the_same_time_one_is_made()
    {
        using var admin = service.ClientFor(TestCallers.Admin());

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => admin.PostAsJsonAsync(Flags, new { key = "raced", name = "Raced" })));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
    }

    [Theory]
    [InlineData("key", """{"name":"n"}""")]
    [InlineData("key", """{"key":"","name":"n"}""")]
    [InlineData("key", """{"key":"With-Hyphen","name":"n"}""")]
    [InlineData("key", """{"key":"line\n","name":"n"}""")]
    [InlineData("key", """{"key":"a23456789012345678901234567890123456789012345678901","name":"n"}""")]
    [InlineData("name", """{"key":"k"}""")]
    [InlineData("name", """{"key":"k","name":" "}""")]
    [InlineData("description", """{"key":"k","name":"n","description":"\u0000"}""")]
    [InlineData("category", """{"key":"k","name":"n","category":"a23456789012345678901234567890123456789012345678901"}""")]
    public async Task A_flag_that_cannot_be_is_refused(string param, string body)
    {
        using var admin = service.ClientFor(TestCallers.Admin());
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        Assert.Equal(param, (await admin.PostAsync(Flags, content).ErrorAsync(HttpStatusCode.BadRequest)).Text("param"));
    }
}
