using JanServer.Testing;
using JanServer.Testing.Streams;
using JanServer.Testing.Upstreams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JanServer.LlmApi.Tests.Completions;

public class ShutdownTests
{
    private sealed class Host : LlmApiFactory, IAsyncDisposable
    {
        async ValueTask IAsyncDisposable.DisposeAsync() => await ((IAsyncLifetime)this).DisposeAsync();
    }

    [Fact]
    public async Task A_stream_that_outlives_the_drain_ends_with_an_error_event_and_its_upstream_is_told()
    {
        await using var api = new Host();
        api["Shutdown:DrainTimeout"] = "00:00:00.050";
        await api.InitializeAsync();
        var gone = new TaskCompletionSource();
        api.Upstream.NextChat(async x =>
        {
            await x.EventAsync(OpenAIShapes.Chunk("a"));
            await x.StallAsync();
            gone.SetResult();
        });
        using var response = await api.Client().StreamAsync();
        using var events = await SseReader.OpenAsync(response);
        Assert.NotNull(await events.NextAsync());

        api.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        var rest = await events.RestAsync();
        Assert.Equal("service_unavailable", rest[0].Json["error"]!["code"]!.GetValue<string>());
        Assert.True(rest[1].IsDone);
        await gone.Task.Soon();
    }
}
