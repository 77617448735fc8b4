using System.Collections.Concurrent;
using System.Text.Json;
using JanServer.ResponseApi.Runs;

namespace JanServer.ResponseApi.Tests.Fixtures;

/// <summary>A journal that keeps what it is told, and can end the run where a test says.</summary>
internal sealed class RecordingJournal : IRunJournal
{
    private readonly ConcurrentQueue<JsonElement> _events = new();

    public IReadOnlyList<JsonElement> Events => [.. _events];

    public IReadOnlyList<string> Types => [.. _events.Select(one => one.GetProperty("type").GetString()!)];

    /// <summary>What the progress said at each checkpoint.</summary>
    public List<string> Checkpoints { get; } = [];

    /// <summary>Runs at each event, before the loop goes on.</summary>
    public Func<ResponseEvent, ValueTask>? OnEvent { get; set; }

    /// <summary>Runs at each checkpoint.</summary>
    public Action<Response>? OnCheckpoint { get; set; }

    public ValueTask EmitAsync(ResponseEvent happened, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var json = JsonDocument.Parse(happened.Data).RootElement;
        Assert.Equal(happened.Type, json.GetProperty("type").GetString());
        Assert.Equal(happened.SequenceNumber, json.GetProperty("sequence_number").GetInt64());
        _events.Enqueue(json);
        return OnEvent?.Invoke(happened) ?? ValueTask.CompletedTask;
    }

    public ValueTask CheckpointAsync(Response response, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var progress = response.Progress;
        Checkpoints.Add($"{progress.Status}:{string.Join(',', progress.Executions.Select(one => one.Status))}");
        OnCheckpoint?.Invoke(response);
        return ValueTask.CompletedTask;
    }

    public JsonElement Single(string type) => Assert.Single(_events, one => one.GetProperty("type").GetString() == type);

    public IReadOnlyList<JsonElement> Of(string type) => [.. _events.Where(one => one.GetProperty("type").GetString() == type)];
}
