using System.Net;
using System.Net.Http.Json;
using JanServer.Accounts.Tests.Fixtures;
using JanServer.Testing;

namespace JanServer.Accounts.Tests.Sessions;

public sealed class GuestLoginTests(AccountsService service) : IClassFixture<AccountsService>
{
    [Fact]
    public async Task A_guest_gets_tokens_of_a_user_that_only_the_identity_provider_can_sign_in()
    {
        using var client = service.Anonymous();

        var session = await client.PostAsJsonAsync("/auth/guest-login", new { anything = true }).JsonAsync(HttpStatusCode.Created);

        var user = service.Keycloak.Users[session.Text("principal_id")];
        Assert.StartsWith("guest-", user.Username, StringComparison.Ordinal);
        Assert.Equal(user.Username, session.Text("username"));
        Assert.Equal($"{user.Username}@temp.jan.ai", user.Email);
        Assert.Equal("true", (string)user.Representation["attributes"]!["guest"]![0]!);
        Assert.Equal(["guest"], user.Roles);
        Assert.True(user.Password!.Length >= 40);
        Assert.Equal("Bearer", session.Text("token_type"));
        Assert.Equal(3600, session.GetProperty("expires_in").GetInt32());
        Assert.True(service.Keycloak.KnowsRefreshToken(session.Text("refresh_token")));
        Assert.StartsWith("user_", session.Text("user_id"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_access_token_of_a_guest_is_good_at_once()
    {
        using var anonymous = service.Anonymous();
        var session = await anonymous.PostAsync("/auth/guest-login", null).JsonAsync(HttpStatusCode.Created);
        using var guest = service.ClientWith(session.Text("access_token"));

        var me = await guest.GetAsync("/auth/me").JsonAsync();

        Assert.Equal(session.Text("user_id"), me.Text("id"));
        Assert.Equal(session.Text("principal_id"), me.Text("subject"));
        Assert.True(me.GetProperty("is_guest").GetBoolean());
        Assert.False(me.GetProperty("is_admin").GetBoolean());
    }

    [Fact]
    public async Task A_limit_counts_the_address_that_the_gateway_vouches_for()
    {
        using var gateway = service.ClientForService();
        gateway.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9, 198.51.100.7");
        await FillAsync("198.51.100.7");

        using var refused = await gateway.PostAsync("/auth/guest-login", null);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
    }

    [Fact]
    public async Task A_forwarded_address_counts_for_nothing_without_a_caller_token()
    {
        using var client = service.Anonymous();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.8");
        await FillAsync("198.51.100.8");

        await client.PostAsync("/auth/guest-login", null).JsonAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Addresses_of_one_ipv6_network_count_together()
    {
        using var gateway = service.ClientForService();
        gateway.DefaultRequestHeaders.Add("X-Forwarded-For", "2001:db8:1:2:3:4:5:6");
        await FillAsync("2001:db8:1:2::");

        await gateway.PostAsync("/auth/guest-login", null).ErrorAsync(HttpStatusCode.TooManyRequests);
    }

    private Task<int> FillAsync(string address)
    {
        var now = service.Clock.GetUtcNow();
        var minute = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        return service.Database.ExecuteAsync($"INSERT INTO guest_login_windows VALUES ('{address}', '{minute:O}', 30)");
    }
}

public sealed class FailingGuestLoginTests(AccountsService service) : IClassFixture<AccountsService>, IDisposable
{
    private const string Users = "/admin/realms/jan/users";
    private const string Token = "POST /realms/jan/protocol/openid-connect/token";

    public void Dispose() => (service.Keycloak.Interfere, service.Keycloak.Before) = (null, null);

    [Theory]
    [InlineData("GET /admin/realms/jan/roles/guest", 404, HttpStatusCode.BadGateway)]
    [InlineData("role-mappings/realm", 403, HttpStatusCode.BadGateway)]
    [InlineData("role-mappings/realm", 500, HttpStatusCode.ServiceUnavailable)]
    [InlineData("reset-password", 400, HttpStatusCode.BadGateway)]
    [InlineData(Token, 400, HttpStatusCode.BadGateway)]
    [InlineData(Token, 503, HttpStatusCode.ServiceUnavailable)]
    [InlineData("POST " + Users, -504, HttpStatusCode.ServiceUnavailable)]
    public async Task A_half_made_guest_is_removed_again(string call, int status, HttpStatusCode expected)
    {
        using var client = service.Anonymous();
        await client.PostAsync("/auth/guest-login", null).JsonAsync(HttpStatusCode.Created);
        var before = service.Keycloak.Users.Count;
        service.Keycloak.Interfere = made => made.EndsWith(call, StringComparison.Ordinal) ? status : null;

        await client.PostAsync("/auth/guest-login", null).ErrorAsync(expected);

        Assert.Equal(before, service.Keycloak.Users.Count);
        Assert.Contains(service.Keycloak.Calls, made => made.StartsWith("DELETE " + Users, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_guest_whose_client_hangs_up_is_removed_again()
    {
        using var client = service.Anonymous();
        using var patience = new CancellationTokenSource();
        var before = service.Keycloak.Users.Count;
        service.Keycloak.Before = async (call, context) =>
        {
            if (call.EndsWith("reset-password", StringComparison.Ordinal))
            {
                await patience.CancelAsync();
                var gone = new TaskCompletionSource();
                await using var registration = context.RequestAborted.Register(gone.SetResult);
                await gone.Task.Soon();
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.PostAsync("/auth/guest-login", null, patience.Token));

        await Eventually.True(() => service.Keycloak.Calls.Any(call => call.StartsWith("DELETE " + Users, StringComparison.Ordinal)));
        await Eventually.True(() => service.Keycloak.Users.Count == before);
    }

    [Fact]
    public async Task A_guest_that_the_database_cannot_take_is_removed_again()
    {
        using var client = service.Anonymous();
        await client.PostAsync("/auth/guest-login", null).JsonAsync(HttpStatusCode.Created);
        var before = service.Keycloak.Users.Count;
        await service.Database.ExecuteAsync("ALTER TABLE project_members RENAME TO gone");
        try
        {
            await client.PostAsync("/auth/guest-login", null).ErrorAsync(HttpStatusCode.InternalServerError);
        }
        finally
        {
            await service.Database.ExecuteAsync("ALTER TABLE gone RENAME TO project_members");
        }

        Assert.Equal(before, service.Keycloak.Users.Count);
    }

    [Fact]
    public async Task An_admin_token_that_is_no_longer_accepted_is_replaced()
    {
        using var client = service.Anonymous();
        await client.PostAsync("/auth/guest-login", null).JsonAsync(HttpStatusCode.Created);

        service.Keycloak.EndAdminSessions();

        await client.PostAsync("/auth/guest-login", null).JsonAsync(HttpStatusCode.Created);
    }
}
