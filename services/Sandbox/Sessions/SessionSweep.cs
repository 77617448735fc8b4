namespace JanServer.Sandbox.Sessions;

/// <summary>Ends sessions whose time is over, soon after it is; and all of them when the service stops.</summary>
internal sealed class SessionSweep(SessionStore sessions) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await sessions.SweepAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The service stops.
            return;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);

        // While everything that a sandbox is made of still is there.
        await sessions.DisposeAsync();
    }
}
