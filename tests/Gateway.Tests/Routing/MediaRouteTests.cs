using System.Net;
using JanServer.Testing;
using JanServer.Testing.Upstreams;

namespace JanServer.Gateway.Tests.Routing;

public sealed class MediaRouteTests
{
    [Fact]
    public async Task A_link_to_a_file_takes_no_credential_and_all_else_of_media_does()
    {
        await using var media = await FakeUpstream.StartAsync();
        var gateway = await GatewayFactory.NewAsync();
        await using var _ = gateway;
        gateway["services:media-api:http:0"] = GatewayFactory.Root(media);
        media.Always("/api/media/jan_1", exchange => exchange.BytesAsync("file"u8.ToArray(), "image/png"));
        media.Always("/v1/media", exchange => exchange.JsonAsync("{}"));
        media.Always("/v1/media/jan_1", exchange => exchange.JsonAsync("{}"));
        using var anonymous = gateway.Anonymous();
        using var user = gateway.ClientWith(gateway.NewKey());

        using var link = await anonymous.GetAsync(new Uri("/api/media/jan_1?expires=1&signature=x", UriKind.Relative)).Soon();
        Assert.Equal("file", await link.Content.ReadAsStringAsync());
        var arrived = Assert.Single(media.Requests);
        Assert.Equal("/api/media/jan_1?expires=1&signature=x", arrived.Path);
        Assert.Equal("service:gateway", Callers.Of(arrived)?.Subject);

        foreach (var path in new[] { "/v1/media", "/v1/media/jan_1", "/media/v1/media/jan_1", "/api/media", "/api/media/../../v1/media" })
        {
            using var refused = await anonymous.GetAsync(new Uri(path, UriKind.Relative)).Soon();
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        foreach (var path in new[] { "/v1/media", "/media/v1/media/jan_1" })
        {
            using var answer = await user.GetAsync(new Uri(path, UriKind.Relative)).Soon();
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }
}
