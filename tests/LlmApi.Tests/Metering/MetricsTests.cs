using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using JanServer.LlmApi.Metering;
using JanServer.Testing;
using JanServer.Testing.Upstreams;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.LlmApi.Tests.Metering;

public class MetricsTests(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    [Fact]
    public async Task A_stream_moves_every_meter_and_leaves_none_open()
    {
        using var client = api.Client();
        var meters = api.Services.GetRequiredService<IMeterFactory>();
        var seen = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == LlmMetrics.MeterName && instrument.Meter.Scope == meters)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument.Name, value));
        listener.SetMeasurementEventCallback<double>((instrument, _, _, _) => Add(instrument.Name, 1));
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Add(instrument.Name, value));
        listener.Start();

        api.Upstream.NextChat(x => x.ErrorAsync(500, "x", "boom"));
        api.Upstream.NextChat(x => OpenAIShapes.StreamAsync(x, "a", "b"));
        using var response = await client.StreamAsync();
        await response.Content.ReadAsStringAsync();
        await Eventually.True(() => seen.ContainsKey("jan.llm.requests"));
        listener.RecordObservableInstruments();

        Assert.Equal(1, seen["jan.llm.requests"]);
        Assert.Equal(1, seen["jan.llm.duration"]);
        Assert.Equal(1, seen["jan.llm.first_token"]);
        Assert.Equal(5, seen["jan.llm.tokens"]);
        Assert.Equal(1, seen["jan.llm.upstream.errors"]);
        Assert.Equal(0, seen["jan.llm.active_streams"]);
        Assert.Equal(0, seen["jan.llm.breaker.state"]);

        void Add(string name, double value) => seen.AddOrUpdate(name, value, (_, sum) => sum + value);
    }
}
