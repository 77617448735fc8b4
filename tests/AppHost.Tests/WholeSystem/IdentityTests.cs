using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.AppHost.Tests.WholeSystem;

/// <summary>Nothing but a good credential says who is calling.</summary>
[Collection(SharedSystem.Name)]
public sealed class IdentityTests(JanServerSystem system)
{
    [Fact]
    public async Task A_forged_identity_header_changes_nothing()
    {
        var honest = await MeAsync(await system.GuestTokenAsync());
        var token = await system.GuestTokenAsync();
        var plain = await MeAsync(token);
        var forged = await MeAsync(
            token,
            ("X-User-Id", (string)honest["id"]!),
            ("X-User-Subject", (string)honest["subject"]!),
            ("X-Auth-Method", "apikey"),
            ("X-Principal-Id", "admin"),
            ("X-Forwarded-User", "admin"),
            (CallerTokens.HeaderName, "eyJhbGciOiJub25lIn0.e30."));

        Assert.NotEqual((string)honest["id"]!, (string)forged["id"]!);
        Assert.Equal((string)plain["id"]!, (string)forged["id"]!);
        Assert.False((bool)forged["is_admin"]!);
    }

    [Fact]
    public async Task Identity_headers_alone_are_no_credential()
    {
        using var client = system.Client();
        client.DefaultRequestHeaders.Add("X-User-Id", "user_00000000000000000000000001");
        client.DefaultRequestHeaders.Add("X-Auth-Method", "jwt");
        using var answer = await client.GetAsync(new Uri("/v1/models", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_token_that_is_changed_or_unsigned_is_refused()
    {
        var parts = (await system.GuestTokenAsync()).Split('.');
        var unsigned = Convert.ToBase64String(Encoding.UTF8.GetBytes("""{"alg":"none","typ":"JWT"}""")).TrimEnd('=') + $".{parts[1]}.";
        var changed = $"{parts[0]}.{parts[1]}.{new string('A', parts[2].Length)}";
        foreach (var token in new[] { unsigned, changed, $"{parts[0]}.{parts[1]}", "nonsense" })
        {
            using var client = system.Client();
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await client.GetAsync(new Uri("/v1/models", UriKind.Relative));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            var error = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["error"]!;
            Assert.Equal("authentication_error", (string)error["type"]!);
        }
    }

    [Fact]
    public async Task A_guest_administers_nothing_and_no_one_reaches_internal_routes()
    {
        using var guest = system.Client(await system.GuestTokenAsync());
        Assert.Equal(HttpStatusCode.Forbidden, (await guest.GetAsync(new Uri("/v1/admin/providers", UriKind.Relative))).StatusCode);
        using var admin = system.Client(await system.AdminTokenAsync());
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync(new Uri("/v1/admin/providers", UriKind.Relative))).StatusCode);
        using var content = new StringContent("{}", Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.NotFound, (await admin.PostAsync(new Uri("/internal/api-keys/verify", UriKind.Relative), content)).StatusCode);
    }

    private async Task<JsonNode> MeAsync(string token, params (string Name, string Value)[] headers)
    {
        using var client = system.Client(token);
        foreach (var (name, value) in headers)
        {
            client.DefaultRequestHeaders.Add(name, value);
        }

        return JsonNode.Parse((await JanServerSystem.ReadAsync(await client.GetAsync(new Uri("/auth/me", UriKind.Relative)))).GetRawText())!;
    }
}
