using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JanServer.Accounts.Tests.Fixtures;
using JanServer.Contracts.Accounts;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Identity;

namespace JanServer.Accounts.Tests.Auditing;

[Collection(WithIdentity.Name)]
public sealed class AuditLogTests(AccountsWithIdentity service)
{
    private const string Log = "/v1/admin/audit-logs";

    [Fact]
    public async Task What_an_administrator_does_is_recorded_with_its_outcome_and_without_a_password()
    {
        var (admin, caller) = service.Admin();
        admin.DefaultRequestHeaders.Add("User-Agent", "audit-test/1");
        var name = $"u{Guid.CreateVersion7():n}";
        var body = new { email = $"{name}@example.com", username = name, password = "a very secret one" };

        var id = (await admin.PostAsJsonAsync("/v1/admin/users", body).JsonAsync(HttpStatusCode.Created)).Text("id");
        await admin.PostAsJsonAsync("/v1/admin/users", body).ErrorAsync(HttpStatusCode.Conflict);
        await admin.PostAsync($"/v1/admin/users/{id}/roles/admin", null).JsonAsync();
        await admin.PostAsync($"/v1/admin/users/{id.ToUpperInvariant()}/deactivate", null).JsonAsync();
        await admin.DeleteAsync($"/v1/admin/users/{id}").JsonAsync(HttpStatusCode.NoContent);

        var entries = await AccountsWithIdentity.AuditOfAsync(admin, caller);
        Assert.Equal(
            [("user.deleted", 204), ("user.deactivated", 200), ("user.role_added", 200), ("user.created", 409), ("user.created", 201)],
            entries.Select(entry => (entry.Text("action"), entry.GetProperty("status_code").GetInt32())));
        Assert.All(entries.Where(entry => entry.GetProperty("status_code").GetInt32() != 409), entry => Assert.Equal(id, entry.Text("resource_id")));
        Assert.All(entries, entry =>
        {
            Assert.Equal(("user", caller.UserId.ToString(), caller.Email), (entry.Text("resource_type"), entry.Text("admin_user_id"), entry.Text("admin_email")));
            Assert.Equal("audit-test/1", entry.Text("user_agent"));
            Assert.True(IPAddress.TryParse(entry.Text("ip_address"), out _));
            Assert.StartsWith("req_", entry.Text("request_id"), StringComparison.Ordinal);
        });
        Assert.Equal("admin", entries[2].GetProperty("payload").Text("role"));
        var created = entries[^1].GetProperty("payload");
        Assert.Equal(name, created.Text("username"));
        Assert.True(created.GetProperty("password_set").GetBoolean());
        Assert.DoesNotContain(
            "a very secret one", await service.Database.ScalarAsync<string>("SELECT string_agg(a::text, '') FROM audit_log a"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Groups_flags_and_keys_are_part_of_it()
    {
        var (admin, caller) = service.Admin();
        var (group, _) = await AccountsWithIdentity.NewGroupAsync(admin);
        var flag = await AccountsWithIdentity.NewFlagAsync(admin);
        await admin.PostAsync($"/v1/admin/groups/{group}/feature-flags/{flag}", null).JsonAsync();

        var entries = await AccountsWithIdentity.AuditOfAsync(admin, caller);

        Assert.Equal(["group.feature_flag_added", "feature_flag.created", "group.created"], entries.Select(entry => entry.Text("action")));
        Assert.Equal((group, flag), (entries[0].Text("resource_id"), entries[0].GetProperty("payload").Text("flag")));
        Assert.StartsWith("flag_", entries[1].Text("resource_id"), StringComparison.Ordinal);
        Assert.Equal(group, entries[2].Text("resource_id"));
    }

    [Fact]
    public async Task Entries_are_found_by_what_they_say_and_paged()
    {
        var (admin, _) = service.Admin();
        var actor = TestCallers.Admin();
        for (var i = 0; i < 5; i++)
        {
            await RecordAsync(actor, i % 2 == 0 ? "provider.created" : "model.updated", $"r{i}");
        }

        var first = await admin.GetAsync($"{Log}?actor={actor.UserId}&limit=2").JsonAsync();
        var second = await admin.GetAsync($"{Log}?actor={actor.UserId}&limit=4&after={first.Text("last_id")}").JsonAsync();

        Assert.Equal(["r4", "r3"], Resources(first));
        Assert.True(first.GetProperty("has_more").GetBoolean());
        Assert.Equal(["r2", "r1", "r0"], Resources(second));
        Assert.Equal(["r3", "r1"], Resources(await admin.GetAsync($"{Log}?actor={actor.UserId}&action=model.updated").JsonAsync()));
        Assert.Equal(["r4", "r2", "r0"], Resources(await admin.GetAsync($"{Log}?actor={actor.UserId}&resource=provider").JsonAsync()));
        Assert.Equal(["r2"], Resources(await admin.GetAsync($"{Log}?actor={actor.UserId}&resource_id=r2").JsonAsync()));
        Assert.Empty(Resources(await admin.GetAsync($"{Log}?actor={actor.UserId}&since=2999-01-01T00:00:00Z").JsonAsync()));
        Assert.Equal(5, Resources(await admin.GetAsync($"{Log}?actor={actor.UserId}&since=2020-01-01T00:00:00Z").JsonAsync()).Count());
        Assert.Equal("actor", (await admin.GetAsync($"{Log}?actor=somebody").ErrorAsync(HttpStatusCode.BadRequest)).Text("param"));
        Assert.Equal("after", (await admin.GetAsync($"{Log}?after=x").ErrorAsync(HttpStatusCode.BadRequest)).Text("param"));
        await admin.GetAsync($"{Log}?since=yesterday").ErrorAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task What_a_service_reports_is_bounded()
    {
        var (admin, _) = service.Admin();
        var actor = TestCallers.Admin();
        var payload = JsonSerializer.SerializeToElement(new string('x', 20_000));
        await Accounts().RecordAuditAsync(EntryOf(actor, "provider.created", new string('r', 300)) with { Payload = payload, UserAgent = "a\0b" }, default);

        var entry = Assert.Single(await AccountsWithIdentity.AuditOfAsync(admin, actor));

        Assert.Equal(255, entry.Text("resource_id").Length);
        Assert.Equal("ab", entry.Text("user_agent"));
        Assert.Equal(20_002, entry.GetProperty("payload").GetProperty("omitted_bytes").GetInt32());
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() =>
            Accounts().RecordAuditAsync(EntryOf(actor, new string('a', 101), "r"), default));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        using var user = service.ClientFor(actor);
        await user.PostAsJsonAsync("/internal/audit-logs", new { }).ErrorAsync(HttpStatusCode.Forbidden);
    }

    private static RecordAudit EntryOf(Caller actor, string action, string resource) =>
        new(actor.UserId, actor.OrganizationId, actor.ProjectId, action, action.Split('.')[0], resource, actor.Email, StatusCode: 200);

    private static IEnumerable<string> Resources(JsonElement page) => page.GetProperty("data").EnumerateArray().Select(entry => entry.Text("resource_id"));

    private AccountsClient Accounts() => new(service.ClientForService("llm-api"));

    private Task RecordAsync(Caller actor, string action, string resource) => Accounts().RecordAuditAsync(EntryOf(actor, action, resource), default);
}
