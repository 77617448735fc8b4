using System.Buffers.Text;
using System.Text;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.ServiceDefaults.Auth;
using Microsoft.Extensions.Options;

namespace JanServer.ServiceDefaults.Tests.Auth;

public sealed class CallerTokensTests
{
    private const string Key = "test-key-test-key-test-key-test-key-1";

    private readonly SettableClock _clock = new();

    [Fact]
    public void A_token_says_who_it_was_issued_for()
    {
        var caller = new Caller
        {
            Subject = "abc",
            UserId = Id<UserRef>.New(_clock),
            OrganizationId = Id<OrganizationRef>.New(_clock),
            ProjectId = Id<ProjectRef>.New(_clock),
            ApiKeyId = Id<ApiKeyRef>.New(_clock),
            Method = AuthMethod.ApiKey,
            Username = "ann",
            Email = "ann@example.org",
            Name = "Ann \"A\" Ängström",
            Roles = new HashSet<string> { "user", "Admin" },
            Scopes = new HashSet<string> { Scopes.Inference },
            Models = ["jan-demo"],
        };

        Assert.True(Tokens().TryValidate(Tokens().Issue(caller), out var read));

        Assert.Equal((caller.Subject, caller.UserId, caller.OrganizationId, caller.ProjectId), (read.Subject, read.UserId, read.OrganizationId, read.ProjectId));
        Assert.Equal((caller.ApiKeyId, caller.Method, caller.Username, caller.Email, caller.Name), (read.ApiKeyId, read.Method, read.Username, read.Email, read.Name));
        Assert.Equal(caller.Roles, read.Roles);
        Assert.Equal(caller.Scopes, read.Scopes);
        Assert.Equal(caller.Models, read.Models);
        Assert.True(read.Roles.Contains("admin"));
        Assert.True(read.MayUse("jan-demo"));
        Assert.False(read.MayUse("other"));
    }

    [Fact]
    public void A_token_ends()
    {
        var token = Tokens().Issue(new() { Subject = "abc" });
        _clock.Advance(TimeSpan.FromSeconds(299));
        Assert.True(Tokens().TryValidate(token, out _));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(Tokens().TryValidate(token, out _));
    }

    [Fact]
    public void A_changed_byte_anywhere_is_refused()
    {
        var token = Tokens().Issue(new() { Subject = "abc" });
        for (var i = 0; i < token.Length; i++)
        {
            var forged = token.ToCharArray();
            forged[i] = forged[i] == 'A' ? 'B' : 'A';

            // The last character of unpadded base64url carries two bits that are not part of the signature.
            Assert.False(Tokens().TryValidate(forged, out _), $"at {i}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("not a token at all, but long enough to hold a signature of forty-three characters")]
    public void What_is_no_token_is_refused(string token) => Assert.False(Tokens().TryValidate(token, out _));

    [Fact]
    public void Another_header_is_refused_even_when_signed_with_the_key()
    {
        var claims = Tokens().Issue(new() { Subject = "abc" }).Split('.')[1];
        var text = Base64Url.EncodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"u8) + "." + claims;
        var signature = Base64Url.EncodeToString(System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes(text)));
        Assert.False(Tokens().TryValidate(text + "." + signature, out _));
    }

    [Fact]
    public void A_key_can_be_rotated()
    {
        var old = Tokens().Issue(new() { Subject = "abc" });
        var fresh = Tokens(key: "another-key-another-key-another-key-2", previous: Key);
        Assert.True(fresh.TryValidate(old, out _));
        Assert.False(Tokens().TryValidate(fresh.Issue(new() { Subject = "abc" }), out _));
    }

    [Fact]
    public void A_service_is_no_user()
    {
        Assert.True(Tokens().TryValidate(Tokens().IssueForService("gateway"), out var service));
        Assert.Equal("service:gateway", service.Subject);
        Assert.Equal(AuthMethod.Service, service.Method);
        Assert.True(service.UserId.IsNone);
        Assert.False(service.IsAdmin);
    }

    private CallerTokens Tokens(string key = Key, string? previous = null) =>
        new(Options.Create(new CallerTokenOptions { Key = key, PreviousKey = previous }), _clock);

    private sealed class SettableClock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan by) => _now += by;
    }
}
