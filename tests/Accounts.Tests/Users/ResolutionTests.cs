using System.Net;
using System.Net.Http.Json;
using JanServer.Accounts.Tests.Fixtures;
using JanServer.Testing.Identity;

namespace JanServer.Accounts.Tests.Users;

public sealed class ResolutionTests(AccountsService service) : IClassFixture<AccountsService>
{
    [Fact]
    public async Task The_first_token_makes_a_user_with_an_organization_and_a_project_of_its_own()
    {
        var token = AccountsService.Token("user");

        var principal = await service.ResolveAsync(token);

        Assert.Equal((token.Subject, token.Username, token.Email), (principal.Subject, principal.Username, principal.Email));
        Assert.Equal(["user"], principal.Roles);
        Assert.Equal(["all"], principal.Scopes);
        Assert.Null(principal.ApiKeyId);
        Assert.Equal("Personal/true/owner/Default/true/owner", await service.Database.ScalarAsync<string>(
            $"""
            SELECT concat_ws('/', o.name, o.is_personal::text, om.role, p.name, p.is_default::text, pm.role)
            FROM organizations o
            JOIN organization_members om ON om.organization_id = o.id AND om.user_id = o.created_by
            JOIN projects p ON p.organization_id = o.id
            JOIN project_members pm ON pm.project_id = p.id AND pm.user_id = o.created_by
            WHERE o.id = '{principal.OrganizationId.Value}' AND p.id = '{principal.ProjectId.Value}' AND o.created_by = '{principal.UserId.Value}'
            """));
    }

    [Fact]
    public async Task Concurrent_first_requests_make_one_user()
    {
        var token = AccountsService.Token();

        var principals = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => service.ResolveAsync(token)));

        Assert.Single(principals.Select(principal => (principal.UserId, principal.OrganizationId, principal.ProjectId)).Distinct());
        Assert.Equal(1, await CountAsync("users", $"subject = '{token.Subject}'"));
        Assert.Equal(1, await CountAsync("organizations", $"created_by = '{principals[0].UserId.Value}'"));
        Assert.Equal(1, await CountAsync("projects", $"created_by = '{principals[0].UserId.Value}'"));
    }

    [Fact]
    public async Task The_same_subject_of_another_issuer_is_another_user()
    {
        var token = AccountsService.Token();

        var one = await service.ResolveAsync(token);
        var other = await service.ResolveAsync(token with { Issuer = "https://elsewhere.test" });

        Assert.NotEqual(one.UserId, other.UserId);
        Assert.NotEqual(one.OrganizationId, other.OrganizationId);
    }

    [Fact]
    public async Task A_user_that_did_not_change_is_not_written()
    {
        var token = AccountsService.Token("b", "a");
        await service.ResolveAsync(token);
        var version = await RowVersionAsync(token.Subject);

        await service.ResolveAsync(token with { Roles = ["a", "b"] });

        Assert.Equal(version, await RowVersionAsync(token.Subject));
    }

    [Fact]
    public async Task A_changed_claim_is_written_and_an_absent_one_erases_nothing()
    {
        var token = AccountsService.Token();
        await service.ResolveAsync(token);

        var principal = await service.ResolveAsync(token with { Username = "renamed", Email = null, Name = null });

        Assert.Equal(("renamed", token.Email, token.Name), (principal.Username, principal.Email, principal.Name));
        Assert.Equal("renamed", await service.Database.ScalarAsync<string>($"SELECT username FROM users WHERE subject = '{token.Subject}'"));
    }

    [Fact]
    public async Task An_older_token_does_not_bring_a_lost_role_back()
    {
        var now = service.Clock.GetUtcNow();
        var token = AccountsService.Token("admin", "user") with { IssuedAt = now.AddMinutes(-30) };
        await service.ResolveAsync(token);
        await service.ResolveAsync(token with { Roles = ["user"], IssuedAt = now.AddMinutes(-10) });

        var principal = await service.ResolveAsync(token);

        Assert.Equal(["user"], principal.Roles);
        Assert.Equal(["user"], await service.Database.ScalarAsync<string[]>($"SELECT roles FROM users WHERE subject = '{token.Subject}'"));
    }

    [Fact]
    public async Task An_older_token_does_not_bring_a_lost_flag_back()
    {
        var now = service.Clock.GetUtcNow();
        var token = AccountsService.Token() with { Flags = ["experimental_models", "other"], IssuedAt = now.AddMinutes(-30) };
        Assert.Equal(["experimental_models", "other"], (await service.ResolveAsync(token)).Flags);
        await service.ResolveAsync(token with { Flags = ["other"], IssuedAt = now.AddMinutes(-10) });

        Assert.Equal(["other"], (await service.ResolveAsync(token)).Flags);
        Assert.Equal(["other"], await service.Database.ScalarAsync<string[]>($"SELECT flags FROM users WHERE subject = '{token.Subject}'"));
        Assert.Empty((await service.ResolveAsync(token with { Flags = null, IssuedAt = now })).Flags!);
    }

    [Fact]
    public async Task A_token_from_the_future_does_not_lock_later_ones_out()
    {
        var token = AccountsService.Token("admin");
        await service.ResolveAsync(token with { IssuedAt = service.Clock.GetUtcNow().AddYears(1) });

        var principal = await service.ResolveAsync(token with { Roles = ["user"] });

        Assert.Equal(["user"], principal.Roles);
        Assert.Equal(["user"], await service.Database.ScalarAsync<string[]>($"SELECT roles FROM users WHERE subject = '{token.Subject}'"));
    }

    [Fact]
    public async Task A_disabled_user_is_no_principal()
    {
        var token = AccountsService.Token();
        await service.ResolveAsync(token);
        await service.Database.ExecuteAsync($"UPDATE users SET disabled_at = now() WHERE subject = '{token.Subject}'");

        Assert.Null(await service.Accounts().ResolveAsync(token, CancellationToken.None));
    }

    [Fact]
    public async Task A_user_is_found_without_a_token_until_it_is_disabled()
    {
        var token = AccountsService.Token("user") with { Flags = ["one"] };
        var known = await service.ResolveAsync(token);

        var found = (await service.Accounts().FindPrincipalAsync(new(known.UserId), CancellationToken.None))!;

        Assert.Equal((known.UserId, known.OrganizationId, known.ProjectId, known.Subject), (found.UserId, found.OrganizationId, found.ProjectId, found.Subject));
        Assert.Null(found.ApiKeyId);
        Assert.Equal(known.Roles, found.Roles);
        Assert.Equal(known.Scopes, found.Scopes);
        Assert.Equal(known.Flags, found.Flags);
        Assert.Null(await service.Accounts().FindPrincipalAsync(new(TestCallers.User().UserId), CancellationToken.None));

        await service.Database.ExecuteAsync($"UPDATE users SET disabled_at = now() WHERE subject = '{token.Subject}'");
        Assert.Null(await service.Accounts().FindPrincipalAsync(new(known.UserId), CancellationToken.None));
    }

    [Theory]
    [InlineData("issuer", """{"subject":"s","email_verified":false,"roles":[]}""")]
    [InlineData("subject", """{"issuer":"i","subject":"","email_verified":false,"roles":[]}""")]
    public async Task A_token_without_an_identity_is_refused(string param, string body)
    {
        using var client = service.ClientForService();

        var error = await client.PostAsync("/internal/principals/resolve", Json(body)).ErrorAsync(HttpStatusCode.BadRequest);

        Assert.Equal(param, error.Text("param"));
    }

    [Theory]
    [InlineData("/internal/principals/resolve")]
    [InlineData("/internal/principals/find")]
    [InlineData("/internal/api-keys/verify")]
    public async Task Nobody_but_a_service_may_ask(string path)
    {
        using var anonymous = service.Anonymous();
        using var user = service.ClientFor(TestCallers.User());
        using var admin = service.ClientFor(TestCallers.Admin());

        await anonymous.PostAsJsonAsync(path, AccountsService.Token()).ErrorAsync(HttpStatusCode.Unauthorized);
        await user.PostAsJsonAsync(path, AccountsService.Token()).ErrorAsync(HttpStatusCode.Forbidden);
        await admin.PostAsJsonAsync(path, AccountsService.Token()).ErrorAsync(HttpStatusCode.Forbidden);
    }

    private static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");

    private Task<long> CountAsync(string table, string where) => service.Database.ScalarAsync<long>($"SELECT count(*) FROM {table} WHERE {where}");

    private Task<string> RowVersionAsync(string subject) =>
        service.Database.ScalarAsync<string>($"SELECT xmin::text || ctid::text FROM users WHERE subject = '{subject}'");
}
