using System.Net;
using System.Net.Sockets;
using JanServer.ServiceDefaults.Outbound;

namespace JanServer.ServiceDefaults.Tests.Outbound;

public sealed class OutboundGuardTests
{
    [Theory]
    [InlineData("http://93.184.216.34/", OutboundReach.Internet)]
    [InlineData("https://[2606:2800:220:1::1]/", OutboundReach.Internet)]
    [InlineData("http://public.example/", OutboundReach.Internet)]
    [InlineData("http://trusted.test/", OutboundReach.Allowed)]
    [InlineData("http://10.1.2.3/", OutboundReach.Allowed)]
    [InlineData("http://10.2.2.3/", OutboundReach.Refused)]
    [InlineData("http://2130706433/", OutboundReach.Refused)]
    [InlineData("http://[::ffff:10.2.2.3]/", OutboundReach.Refused)]
    [InlineData("http://private.test/", OutboundReach.Refused)]
    [InlineData("http://both.test/", OutboundReach.Refused)]
    [InlineData("http://unknown.test/", OutboundReach.Refused)]
    [InlineData("http://nothing.test/", OutboundReach.Refused)]
    [InlineData("http://user@public.example/", OutboundReach.BadUrl)]
    [InlineData("ftp://public.example/", OutboundReach.BadUrl)]
    [InlineData("/relative", OutboundReach.BadUrl)]
    public async Task It_says_where_a_URL_leads(string url, OutboundReach reach)
    {
        var guard = OutboundFixture.Guard(new() { ["Outbound:AllowedNetworks:0"] = "10.1.0.0/16" }, LookUpAsync);

        Assert.Equal(reach, await guard.ReachOfAsync(new(url, UriKind.RelativeOrAbsolute), CancellationToken.None));
    }

    private static Task<IPAddress[]> LookUpAsync(string host, CancellationToken ct) => host switch
    {
        "public.example" => Task.FromResult<IPAddress[]>([IPAddress.Parse("93.184.216.34")]),
        "both.test" => Task.FromResult<IPAddress[]>([IPAddress.Parse("93.184.216.34"), IPAddress.Loopback]),
        "nothing.test" => Task.FromResult<IPAddress[]>([]),
        "unknown.test" => Task.FromException<IPAddress[]>(new SocketException(11001)),
        _ => Task.FromResult<IPAddress[]>([IPAddress.Loopback]).WaitAsync(ct),
    };
}
