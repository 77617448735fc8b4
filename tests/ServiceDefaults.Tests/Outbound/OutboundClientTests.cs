using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using JanServer.ServiceDefaults.Outbound;
using JanServer.Testing;

namespace JanServer.ServiceDefaults.Tests.Outbound;

public sealed class OutboundClientTests(OutboundFixture internet) : IClassFixture<OutboundFixture>
{
    private const long Max = 1 << 20;

    [Fact]
    public async Task What_a_trusted_host_has_is_read()
    {
        internet.Server.Next("/image", exchange => exchange.BytesAsync(new byte[] { 1, 2, 3 }, "image/png; x=y"));
        using var client = OutboundFixture.Client();

        var result = await client.GetAsync(internet.Url("/image"), Max, CancellationToken.None);

        Assert.NotNull(result.Response);
        Assert.True(result.Response.IsSuccess);
        Assert.Equal("image/png", result.Response.ContentType);
        Assert.Equal([1, 2, 3], result.Response.Body.ToArray());
    }

    [Fact]
    public async Task The_character_set_is_told()
    {
        internet.Server.Next("/text", exchange => exchange.AnswerAsync("x", "text/plain; charset=\"windows-1252\""));
        using var client = OutboundFixture.Client();

        Assert.Equal("windows-1252", (await client.GetAsync(internet.Url("/text"), Max, CancellationToken.None)).Response?.Charset);
    }

    [Theory]
    [InlineData(10, 4, true)]
    [InlineData(4, 4, false)]
    public async Task The_beginning_is_kept_of_what_is_too_large_when_asked_for(int length, int max, bool isTruncated)
    {
        internet.Server.Next("/long", exchange => exchange.BytesAsync(new byte[length], "text/plain"));
        using var client = OutboundFixture.Client();

        var result = await client.SendAsync(new(internet.Url("/long")) { MaxBytes = max, KeepBeginning = true }, CancellationToken.None);

        Assert.Equal(isTruncated, result.Response?.IsTruncated);
        Assert.Equal(max, result.Response?.Body.Length);
    }

    [Fact]
    public async Task Whoever_asks_can_refuse_a_URL_and_where_it_redirects_to()
    {
        internet.Server.Next("/first", exchange => exchange.RedirectAsync("/second"));
        using var client = OutboundFixture.Client();

        var refused = await client.SendAsync(new(internet.Url("/first")) { Admits = _ => false }, CancellationToken.None);
        var redirected = await client.SendAsync(new(internet.Url("/first")) { Admits = url => url.AbsolutePath == "/first" }, CancellationToken.None);

        Assert.Equal(OutboundFailure.BadUrl, refused.Failure);
        Assert.Equal(OutboundFailure.BadRedirect, redirected.Failure);
        Assert.DoesNotContain(internet.Server.Requests, request => request.Path == "/second");
    }

    [Fact]
    public async Task Neither_traces_nor_cookies_of_ours_go_along()
    {
        internet.Server.Next("/plain", exchange =>
        {
            exchange.Header("Set-Cookie", "a=b");
            return exchange.JsonAsync("{}");
        });
        internet.Server.Next("/plain", exchange => exchange.JsonAsync("{}"));
        using var client = OutboundFixture.Client();
        using var activity = new System.Diagnostics.Activity("test").Start();

        await client.GetAsync(internet.Url("/plain"), Max, CancellationToken.None);
        await client.GetAsync(internet.Url("/plain"), Max, CancellationToken.None);

        Assert.All(internet.Server.Requests.Where(request => request.Path == "/plain"), request =>
        {
            Assert.Null(request.Header("traceparent"));
            Assert.Null(request.Header("Cookie"));
        });
    }

    [Fact]
    public async Task Redirects_are_followed_and_credentials_stay_with_their_origin()
    {
        internet.Server.Next("/from", exchange => exchange.RedirectAsync("/same"));
        internet.Server.Next("/same", exchange => exchange.RedirectAsync(internet.Url("/other", "second.test").ToString()));
        internet.Server.Next("/other", exchange => exchange.JsonAsync("{}"));
        using var client = OutboundFixture.Client(new() { ["Outbound:AllowedHosts:0"] = "trusted.test", ["Outbound:AllowedHosts:1"] = "second.test" });

        var result = await client.SendAsync(
            new(internet.Url("/from")) { Headers = [new("Authorization", "Bearer secret")] }, CancellationToken.None);

        Assert.Equal(internet.Url("/other", "second.test"), result.Response?.Url);
        Assert.Equal("Bearer secret", internet.Server.Requests.Single(request => request.Path == "/from").Header("Authorization"));
        Assert.Equal("Bearer secret", internet.Server.Requests.Single(request => request.Path == "/same").Header("Authorization"));
        Assert.Null(internet.Server.Requests.Single(request => request.Path == "/other").Header("Authorization"));
    }

    [Fact]
    public async Task A_body_does_not_follow_to_another_origin()
    {
        internet.Server.Next("/hook", exchange => exchange.RedirectAsync(internet.Url("/stolen", "second.test").ToString(), 307));
        using var client = OutboundFixture.Client(new() { ["Outbound:AllowedHosts:0"] = "trusted.test", ["Outbound:AllowedHosts:1"] = "second.test" });

        var result = await client.SendAsync(
            new(internet.Url("/hook")) { Method = HttpMethod.Post, Body = "secret"u8.ToArray() }, CancellationToken.None);

        Assert.Equal(OutboundFailure.BadRedirect, result.Failure);
        Assert.Equal("secret", internet.Server.Requests.Single(request => request.Path == "/hook").Text);
    }

    [Fact]
    public async Task A_circle_of_redirects_ends()
    {
        internet.Server.Always("/circle", exchange => exchange.RedirectAsync("/circle"));
        using var client = OutboundFixture.Client(new() { ["Outbound:MaxRedirects"] = "3" });

        var result = await client.GetAsync(internet.Url("/circle"), Max, CancellationToken.None);

        Assert.Equal(OutboundFailure.BadRedirect, result.Failure);
        Assert.Equal(4, internet.Server.Requests.Count(request => request.Path == "/circle"));
    }

    [Fact]
    public async Task A_body_that_announces_too_much_is_not_read()
    {
        internet.Server.Next("/announced", exchange => exchange.BytesAsync(new byte[2000], "image/png"));
        using var client = OutboundFixture.Client();

        Assert.Equal(OutboundFailure.TooLarge, (await client.GetAsync(internet.Url("/announced"), 1999, CancellationToken.None)).Failure);
    }

    [Fact]
    public async Task A_body_without_end_is_cut_off()
    {
        internet.Server.Next("/endless", async exchange =>
        {
            var chunk = new string('x', 64 << 10);
            while (!exchange.ClientGone.IsCompleted)
            {
                await exchange.RawAsync(chunk);
            }
        });
        using var client = OutboundFixture.Client();

        Assert.Equal(OutboundFailure.TooLarge, (await client.GetAsync(internet.Url("/endless"), Max, CancellationToken.None)).Failure);
    }

    [Fact]
    public async Task A_decompression_bomb_ends_at_the_limit()
    {
        using var bomb = new MemoryStream();
        await using (var gzip = new GZipStream(bomb, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            await gzip.WriteAsync(new byte[8 << 20]);
        }

        internet.Server.Next("/bomb", exchange =>
        {
            exchange.Header("Content-Encoding", "gzip");
            return exchange.BytesAsync(bomb.ToArray(), "image/png");
        });
        using var client = OutboundFixture.Client();

        Assert.InRange(bomb.Length, 1, 100_000);
        Assert.Equal(OutboundFailure.TooLarge, (await client.GetAsync(internet.Url("/bomb"), Max, CancellationToken.None)).Failure);
    }

    [Fact]
    public async Task What_is_not_the_compression_it_says_is_a_failure()
    {
        internet.Server.Next("/garbled", exchange =>
        {
            exchange.Header("Content-Encoding", "gzip");
            return exchange.BytesAsync("not gzip"u8.ToArray(), "image/png");
        });
        using var client = OutboundFixture.Client();

        Assert.Equal(OutboundFailure.Unreachable, (await client.GetAsync(internet.Url("/garbled"), Max, CancellationToken.None)).Failure);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_dawdles_is_given_up(bool afterTheHead)
    {
        internet.Server.Next("/slow", async exchange =>
        {
            if (afterTheHead)
            {
                await exchange.RawAsync("a beginning");
            }

            await exchange.StallAsync();
        });
        using var client = OutboundFixture.Client();

        var result = await client.SendAsync(
            new(internet.Url("/slow")) { Timeout = TimeSpan.FromMilliseconds(300) }, CancellationToken.None).Soon();

        Assert.Equal(OutboundFailure.TimedOut, result.Failure);
    }

    [Fact]
    public async Task A_caller_who_does_not_want_to_wait_is_obeyed()
    {
        using var enough = new CancellationTokenSource();
        internet.Server.Next("/cancelled", async exchange =>
        {
            await enough.CancelAsync();
            await exchange.StallAsync();
        });
        using var client = OutboundFixture.Client();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => client.GetAsync(internet.Url("/cancelled"), Max, enough.Token).Soon());
    }

    [Fact]
    public async Task Nobody_at_the_port_is_the_hosts_failure()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var client = OutboundFixture.Client();

        var result = await client.GetAsync(new($"http://trusted.test:{port}/"), Max, CancellationToken.None);

        Assert.Equal(OutboundFailure.Unreachable, result.Failure);
        Assert.Equal(502, OutboundFailure.Unreachable.ToApiError("url").Status);
    }

    [Fact]
    public async Task What_speaks_no_http_is_the_hosts_failure()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var client = OutboundFixture.Client();

        var asking = client.GetAsync(new($"http://trusted.test:{port}/"), Max, CancellationToken.None);
        using (var connection = await listener.AcceptTcpClientAsync().Soon())
        {
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes("220 smtp.test ESMTP\r\n"));
        }

        Assert.Equal(OutboundFailure.Unreachable, (await asking.Soon()).Failure);
    }
}
