using System.IO.Compression;
using System.Net;
using JanServer.ServiceDefaults.Resilience;
using JanServer.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.ServiceDefaults.Tests.Resilience;

public sealed class ModelClientTests
{
    [Fact]
    public async Task A_prompt_is_sent_once_and_the_answer_is_what_the_server_said()
    {
        await using var service = await ScriptedService.StartAsync(503, 200);
        await using var host = await CallingAsync(service.Address);

        using var response = await Client(host).PostAsync("http://engine/v1/chat/completions", new StringContent("{}"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(1, service.Calls);
    }

    [Fact]
    public async Task Our_own_credentials_do_not_leave_the_deployment()
    {
        await using var service = await ScriptedService.StartAsync();
        await using var host = await CallingAsync(service.Address);

        using var response = await Client(host).GetAsync("http://engine/v1/models");

        Assert.DoesNotContain("Jan-Caller", service.LastHeaders.Keys);
    }

    [Fact]
    public async Task An_answer_nobody_wants_any_more_ends_at_the_server_too()
    {
        var gone = new TaskCompletionSource();
        await using var server = await TestHost.StartBareAsync(app => app.MapGet("/stream", async (HttpContext context) =>
        {
            await using var registration = context.RequestAborted.Register(gone.SetResult);
            await context.Response.WriteAsync("first\n");
            await context.Response.Body.FlushAsync();
            await gone.Task;
        }));
        await using var host = await CallingAsync(server.Address);

        using (var response = await Client(host).GetAsync("http://engine/stream", HttpCompletionOption.ResponseHeadersRead))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            Assert.Equal("first", await reader.ReadLineAsync());
        }

        await gone.Task.Soon();
    }

    [Fact]
    public async Task Redirects_and_compressed_bodies_are_passed_on_as_they_are()
    {
        await using var server = await TestHost.StartBareAsync(app =>
        {
            app.MapGet("/moved", () => Results.Redirect("/elsewhere"));
            app.MapGet("/zipped", async (HttpContext context) =>
            {
                context.Response.Headers.ContentEncoding = "gzip";
                await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
                await gzip.WriteAsync("hello"u8.ToArray());
            });
        });
        await using var host = await CallingAsync(server.Address);

        Assert.Equal(HttpStatusCode.Redirect, (await Client(host).GetAsync("http://engine/moved")).StatusCode);
        var body = await Client(host).GetByteArrayAsync("http://engine/zipped");
        Assert.Equal([0x1f, 0x8b], body[..2]);
    }

    [Fact]
    public async Task A_model_may_think_as_long_as_it_likes()
    {
        await using var host = await CallingAsync(new("http://127.0.0.1:1"));

        Assert.Equal(Timeout.InfiniteTimeSpan, Client(host).Timeout);
    }

    private static Task<TestHost> CallingAsync(Uri engine) => TestHost.StartAsync(
        builder => builder.Services.AddModelHttpClient("model"),
        settings: [("services:engine:http:0", engine.ToString())]);

    private static HttpClient Client(TestHost host) => host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("model");
}
