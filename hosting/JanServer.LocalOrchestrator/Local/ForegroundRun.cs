using System.Runtime.InteropServices;

namespace Aspire.Hosting.Local;

/// <summary>A run in a terminal: until a signal, then an orderly stop.</summary>
internal static class ForegroundRun
{
    /// <returns>The exit code: 0, or 1 when it could not start.</returns>
    public static async Task<int> ExecuteAsync(DistributedApplication application, Orchestrator orchestrator, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal);
        try
        {
            await application.StartAsync(stop.Token);
            await DotnetRun.EndAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // A signal is the ordinary end.
        }
        catch (DistributedApplicationException exception)
        {
            orchestrator.Console.Error(exception.Message);
            return 1;
        }
        finally
        {
            await application.DisposeAsync();
        }

        return 0;
    }
}
