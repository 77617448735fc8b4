using System.Text.Json;
using JanServer.ResponseApi.Events;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Tools;

namespace JanServer.ResponseApi.Runs;

/// <summary>How a round of calls ended.</summary>
/// <param name="AwaitsClient">Whether the client must answer before the response goes on.</param>
/// <param name="Limit">The limit that the model ran into, after which it answers without tools; null for none.</param>
internal readonly record struct ToolRound(bool AwaitsClient, string? Limit);

/// <summary>
/// Runs the calls that a model asked for, several at a time, with a checkpoint before the first and after each. What cannot or may not
/// be run is told to the model as a result.
/// </summary>
internal sealed class ToolRounds(
    Response response, ToolSet tools, EventSink sink, RunOutput output, AgentOptions options, AgentMetrics metrics, TimeProvider clock, ILogger logger)
{
    private const string ApprovalPrefix = "mcpr";

    private readonly RunProgress _progress = response.Progress;
    private readonly CallRules _rules = new(response, tools, options);
    private readonly CallRunner _runner = new(response, tools, sink, options, clock, logger);

    /// <summary>Runs the calls of an answer that are not the client's.</summary>
    public async Task<ToolRound> RunAsync(IReadOnlyList<CallWriter> calls, CancellationToken ct)
    {
        var outputs = _progress.Output.Count;
        string? limit = null;
        foreach (var call in calls.Where(call => !call.IsClients))
        {
            var refusal = _rules.Check(call);
            limit ??= refusal?.Limit;
            _progress.Executions.Add(Begin(call, refusal, outputs));
        }

        await sink.CheckpointAsync(ct);
        return new(await RunPendingAsync(ct), limit);
    }

    /// <summary>Makes the calls again that an earlier run of the loop did not see to their end.</summary>
    public Task<bool> ResumeAsync(CancellationToken ct) => RunPendingAsync(ct);

    /// <summary>Makes the calls that the client has approved, each once.</summary>
    public async Task<bool> RunApprovedAsync(CancellationToken ct)
    {
        var made = _progress.Executions.Select(execution => execution.CallId).ToHashSet(StringComparer.Ordinal);
        var due = tools.Approved.Where(call => call.Approved && !made.Contains(call.ApprovalRequestId)).ToList();
        if (due.Count == 0)
        {
            return false;
        }

        foreach (var call in due)
        {
            _progress.Executions.Add(new()
            {
                CallId = call.ApprovalRequestId,
                ItemId = ItemIds.WithPrefix(PrefixOf(call.FunctionName), clock),
                ToolName = call.FunctionName,
                Arguments = call.Arguments,
                Order = _progress.Executions.Count + 1,
                OutputsBefore = _progress.Output.Count,
                Status = ToolStatus.InProgress,
                StartedAt = clock.GetUtcNow(),
            });
        }

        await sink.CheckpointAsync(ct);
        return await RunPendingAsync(ct);
    }

    private ToolExecution Begin(CallWriter call, CallRefusal? refusal, int outputs)
    {
        var now = clock.GetUtcNow();
        return new()
        {
            CallId = call.CallId,
            ItemId = ItemIds.WithPrefix(NeedsApproval(call.Name) ? ApprovalPrefix : PrefixOf(call.Name), clock),
            ToolName = call.Name,
            Arguments = call.Arguments,
            Order = _progress.Executions.Count + 1,
            ModelCall = _progress.ModelCalls,
            OutputsBefore = outputs,
            Status = refusal?.Status ?? ToolStatus.InProgress,
            ModelText = refusal?.Message,
            Error = refusal?.Message,
            StartedAt = now,
            CompletedAt = refusal is null ? null : now,
        };
    }

    private bool NeedsApproval(string name) => tools.Bindings.TryGetValue(name, out var binding) && binding.NeedsApproval;

    private string PrefixOf(string name) => tools.Bindings.TryGetValue(name, out var binding) ? binding.ItemIdPrefix : "fc";

    private async Task<bool> RunPendingAsync(CancellationToken ct)
    {
        var pending = _progress.Executions.Where(execution => execution.Status == ToolStatus.InProgress).ToList();
        if (pending.Count == 0)
        {
            return false;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var slots = new SemaphoreSlim(response.Request.ParallelToolCalls ? options.MaxParallelCalls : 1);
        var running = pending.Select(execution => RunOneAsync(execution, slots, stop.Token)).ToList();
        var awaits = false;
        try
        {
            await foreach (var ended in Task.WhenEach(running).WithCancellation(ct))
            {
                awaits |= await FinishAsync(await ended, ct);
            }
        }
        catch
        {
            // The others use the slots and the stream: they end first.
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return awaits;
    }

    private async Task<CallEnd> RunOneAsync(ToolExecution execution, SemaphoreSlim slots, CancellationToken ct)
    {
        await slots.WaitAsync(ct);
        try
        {
            return await _runner.RunAsync(execution with { StartedAt = clock.GetUtcNow() }, ct);
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task<bool> FinishAsync(CallEnd end, CancellationToken ct)
    {
        var at = _progress.Executions.FindIndex(one => one.CallId == end.Execution.CallId && one.ItemId == end.Execution.ItemId);
        if (end.Item is { } item)
        {
            var index = end.Index >= 0 ? end.Index : await sink.AddItemAsync(item, ct);
            await sink.EndItemAsync(index, item, ct);
            output.Add(index, item);
        }

        if (end.AwaitsClient)
        {
            // Nothing ran: the call is the request that the client is to decide on.
            _progress.Executions.RemoveAt(at);
        }
        else
        {
            _progress.Executions[at] = end.Execution;
            metrics.ToolCalled(PrefixOf(end.Execution.ToolName), end.Execution);
        }

        await sink.CheckpointAsync(ct);
        return end.AwaitsClient;
    }
}

/// <summary>How one call ended.</summary>
/// <param name="Execution">Its record.</param>
/// <param name="Index">The output index of its item; -1 when it was not shown yet.</param>
/// <param name="Item">The finished item; null when no item shows the call.</param>
/// <param name="AwaitsClient">Whether it waits for the client's approval.</param>
internal sealed record CallEnd(ToolExecution Execution, int Index, JsonElement? Item, bool AwaitsClient = false);
