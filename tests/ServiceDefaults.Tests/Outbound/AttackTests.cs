using System.Collections.Concurrent;
using System.Net;
using JanServer.ServiceDefaults.Outbound;

namespace JanServer.ServiceDefaults.Tests.Outbound;

/// <summary>Ways to make us ask our own network. The server would answer each of them.</summary>
public sealed class AttackTests(OutboundFixture internet) : IClassFixture<OutboundFixture>
{
    private const long Max = 1 << 20;

    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://127.1:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    [InlineData("http://0x7f000001:{0}/")]
    [InlineData("http://0x7f.0.0.1:{0}/")]
    [InlineData("http://0177.0.0.1:{0}/")]
    [InlineData("http://017700000001:{0}/")]
    [InlineData("http://0:{0}/")]
    [InlineData("http://0.0.0.0:{0}/")]
    [InlineData("http://[::1]:{0}/")]
    [InlineData("http://[::]:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://[::ffff:7f00:1]:{0}/")]
    [InlineData("http://[64:ff9b::7f00:1]:{0}/")]
    [InlineData("http://①②⑦.⓪.⓪.①:{0}/")]
    [InlineData("http://127。0。0。1:{0}/")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://localhost.:{0}/")]
    [InlineData("http://anything.test:{0}/")]
    public async Task No_spelling_of_the_loopback_is_reached(string spelling)
    {
        using var client = OutboundFixture.Client();
        var url = new Uri(string.Format(System.Globalization.CultureInfo.InvariantCulture, spelling, internet.Server.BaseAddress.Port));

        Assert.Equal(OutboundFailure.Refused, (await client.GetAsync(url, Max, CancellationToken.None)).Failure);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://127.0.0.1/_x")]
    [InlineData("ftp://127.0.0.1/x")]
    [InlineData("ws://127.0.0.1/")]
    [InlineData("data:text/plain,x")]
    [InlineData("/etc/passwd")]
    [InlineData("http://user:password@example.com/")]
    public async Task Only_http_without_credentials_is_sent(string url)
    {
        using var client = OutboundFixture.Client();

        var result = await client.GetAsync(new(url, UriKind.RelativeOrAbsolute), Max, CancellationToken.None);

        Assert.Equal(OutboundFailure.BadUrl, result.Failure);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/secret", OutboundFailure.Refused)]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/secret", OutboundFailure.Refused)]
    [InlineData("//127.0.0.1:{0}/secret", OutboundFailure.Refused)]
    [InlineData("http://169.254.169.254/latest/meta-data/", OutboundFailure.Refused)]
    [InlineData("file:///etc/passwd", OutboundFailure.BadUrl)]
    [InlineData("gopher://127.0.0.1:{0}/", OutboundFailure.BadUrl)]
    public async Task A_redirect_into_our_network_is_not_followed(string location, OutboundFailure failure)
    {
        var path = $"/{Guid.CreateVersion7()}";
        internet.Server.Next(path, exchange => exchange.RedirectAsync(
            string.Format(System.Globalization.CultureInfo.InvariantCulture, location, internet.Server.BaseAddress.Port)));
        using var client = OutboundFixture.Client();

        Assert.Equal(failure, (await client.GetAsync(internet.Url(path), Max, CancellationToken.None)).Failure);
        Assert.DoesNotContain(internet.Server.Requests, request => request.Path == "/secret");
    }

    [Fact]
    public async Task A_name_that_changes_its_address_is_checked_whenever_it_is_connected_to()
    {
        var answers = new ConcurrentQueue<IPAddress[]>([[IPAddress.Loopback], [IPAddress.IPv6Loopback]]);
        var lookups = 0;
        using var client = OutboundFixture.Client(
            new() { ["Outbound:AllowedNetworks:0"] = "127.0.0.1/32" },
            (_, _) =>
            {
                Interlocked.Increment(ref lookups);
                return Task.FromResult(answers.TryDequeue(out var answer) ? answer : throw new InvalidOperationException("Asked too often."));
            });
        internet.Server.Next("/rebind", exchange =>
        {
            exchange.Header("Connection", "close");
            return exchange.JsonAsync("{}");
        });

        var first = await client.GetAsync(internet.Url("/rebind", "rebind.test"), Max, CancellationToken.None);
        Assert.True(first.HasResponse);
        Assert.Equal(1, lookups);

        var second = await client.GetAsync(internet.Url("/rebind", "rebind.test"), Max, CancellationToken.None);
        Assert.Equal(OutboundFailure.Refused, second.Failure);
        Assert.Equal(2, lookups);
    }

    [Fact]
    public async Task A_name_with_a_public_and_a_private_address_is_refused()
    {
        using var client = OutboundFixture.Client(
            new() { ["Outbound:AllowedNetworks:0"] = "127.0.0.1/32" },
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.Parse("10.0.0.1")]));

        var result = await client.GetAsync(internet.Url("/two", "two.test"), Max, CancellationToken.None);

        Assert.Equal(OutboundFailure.Refused, result.Failure);
    }

    [Fact]
    public async Task A_name_without_an_address_is_no_different_from_a_refused_one()
    {
        using var client = OutboundFixture.Client(names: (_, _) => throw new System.Net.Sockets.SocketException(11001));

        Assert.Equal(OutboundFailure.Refused, (await client.GetAsync(new("http://no.test/"), Max, CancellationToken.None)).Failure);
    }
}
