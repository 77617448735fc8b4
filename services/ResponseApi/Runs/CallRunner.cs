using System.Globalization;
using JanServer.ResponseApi.Events;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Tools;

namespace JanServer.ResponseApi.Runs;

/// <summary>Runs one call of a tool: within its time, and with whatever goes wrong as its result.</summary>
internal sealed partial class CallRunner(
    Response response, ToolSet tools, EventSink sink, AgentOptions options, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(1);

    /// <exception cref="OperationCanceledException">Only of <paramref name="ct"/>, or of the journal.</exception>
    public async Task<CallEnd> RunAsync(ToolExecution execution, CancellationToken ct)
    {
        if (!tools.Bindings.TryGetValue(execution.ToolName, out var binding))
        {
            return End(execution, null, ToolStatus.Failed, "This tool can no longer be used.");
        }

        var open = response.Progress.OpenItems.FirstOrDefault(one => one.Item.Text("id") == execution.ItemId);
        var output = new ItemOutput(sink, execution.ItemId, open.Item.TypeOf().Length > 0 ? open : null);
        using var time = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var limit = TimeFor(execution);
        time.CancelAfter(limit);
        try
        {
            var outcome = await binding.RunAsync(InvocationOf(execution), output, time.Token).AsTask().WaitAsync(time.Token);
            return End(execution, output, outcome);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested && time.IsCancellationRequested)
        {
            var message = string.Create(CultureInfo.InvariantCulture, $"The tool did not answer within {limit.TotalSeconds:0.###} seconds.");
            await output.CloseAsync();
            return End(execution, output, ToolStatus.Incomplete, message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.Broke(logger, e, response.Id.ToString(), execution.ItemId);
            await output.CloseAsync();
            return End(execution, output, ToolStatus.Failed, "The tool failed for a reason of the server's.");
        }
        finally
        {
            await output.CloseAsync();
        }
    }

    private ToolInvocation InvocationOf(ToolExecution execution) =>
        new(response, execution.CallId, execution.ToolName, string.IsNullOrWhiteSpace(execution.Arguments) ? "{}" : execution.Arguments, execution.ItemId)
        {
            ApprovalRequestId = execution.ModelCall == 0 ? execution.CallId : null,
        };

    private TimeSpan TimeFor(ToolExecution execution)
    {
        var left = options.TimeLimit - (execution.StartedAt - (response.Progress.StartedAt ?? execution.StartedAt));
        left = left > LeastTime ? left : LeastTime;
        return left < options.ToolTimeout ? left : options.ToolTimeout;
    }

    private CallEnd End(ToolExecution execution, ItemOutput output, ToolOutcome outcome) => new(
        execution with
        {
            Status = outcome.Error is null ? ToolStatus.Completed : ToolStatus.Failed,
            ModelText = ResultText.Fit(outcome.ModelText, options.MaxResultTokens),
            Result = outcome.Result,
            Error = outcome.Error,
            CompletedAt = clock.GetUtcNow(),
        },
        output.Index,
        outcome.Item.ValueKind == System.Text.Json.JsonValueKind.Object ? outcome.Item : output.Item?.WithStatus(outcome.Error is null ? "completed" : "failed"),
        outcome.AwaitsClient);

    private CallEnd End(ToolExecution execution, ItemOutput? output, string status, string message) => new(
        execution with { Status = status, ModelText = message, Error = message, CompletedAt = clock.GetUtcNow() },
        output?.Index ?? -1,
        output?.Item?.WithStatus("failed"));

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A tool of {ResponseId} broke at its item {ItemId}")]
        public static partial void Broke(ILogger logger, Exception exception, string responseId, string itemId);
    }
}
