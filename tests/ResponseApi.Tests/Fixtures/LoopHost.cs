using JanServer.ResponseApi.Runs;
using JanServer.ResponseApi.Tools;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JanServer.ResponseApi.Tests.Fixtures;

/// <summary>The loop with its real client of llm-api, which is a fake that speaks the wire.</summary>
internal sealed class LoopHost : IAsyncDisposable
{
    private readonly IHost _app;

    private LoopHost(IHost app, FakeUpstream llm) => (_app, Llm) = (app, llm);

    public FakeUpstream Llm { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<LoopHost> StartAsync(IToolSetFactory? tools = null, params (string Key, string Value)[] settings)
    {
        var llm = await FakeUpstream.StartAsync();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(settings
            .Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))
            .Append(new("CallerToken:Key", TestCallers.Key))
            .Append(new("Chat:Backoff", "00:00:00.005"))
            .Append(new("services:llm-api:http:0", llm.BaseAddress.GetLeftPart(UriPartial.Authority)))
            .DistinctBy(setting => setting.Key));
        builder.Logging.ClearProviders();
        builder.Services.AddMetrics();
        builder.Services.AddAgent();
        builder.Services.AddSingleton(tools ?? new TestTools());
        return new(builder.Build(), llm);
    }

    /// <summary>Runs the loop to its end.</summary>
    public async Task<RecordingJournal> RunAsync(Response response, RecordingJournal? journal = null, CancellationToken ct = default)
    {
        journal ??= new();
        await _app.Services.GetRequiredService<AgentLoop>().RunAsync(response, journal, ct).Soon();
        return journal;
    }

    public async ValueTask DisposeAsync()
    {
        _app.Dispose();
        await Llm.DisposeAsync();
    }
}
