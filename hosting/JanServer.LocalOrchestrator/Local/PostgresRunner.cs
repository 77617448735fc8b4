using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local.Postgres;

namespace Aspire.Hosting.Local;

/// <summary>A PostgreSQL process in place of the container.</summary>
internal sealed class PostgresRunner(PostgresServerResource server, RunContext context) : ResourceRunner(server, context)
{
    private readonly RestartPolicy _restarts = new(context.Clock);
    private EmbeddedPostgres? _running;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            Update(s => s with { State = KnownResourceStates.Starting, Reason = null });
            _restarts.Started();
            _running = await EmbeddedPostgres.StartAsync(await OptionsAsync(stopping), stopping);
            Update(s => Ready(s) with { ProcessId = _running.ProcessId, ExitCode = null, StartedAt = Context.Clock.GetUtcNow() });
            _restarts.BecameReady();
            await ReadyAsync(stopping);

            var exitCode = await _running.Exited.WaitAsync(stopping);
            await _running.DisposeAsync();
            _running = null;
            var delay = _restarts.NextDelay() ?? TimeSpan.FromSeconds(1);
            Log.Append($"[orchestrator] ended with exit code {exitCode}; starts again in {delay.TotalSeconds:0} s");
            Update(s => s with
            {
                State = KnownResourceStates.Starting,
                ProcessId = null,
                Health = null,
                ExitCode = exitCode,
                Restarts = s.Restarts + 1,
                Reason = $"ended with exit code {exitCode}; starts again in {delay.TotalSeconds:0} s",
            });
            await Task.Delay(delay, Context.Clock, stopping);
        }
    }

    protected override async Task StopCoreAsync(TimeSpan grace)
    {
        if (_running is { } running)
        {
            using var deadline = new CancellationTokenSource(grace);
            await running.StopAsync(deadline.Token);
        }
    }

    private async Task<EmbeddedPostgresOptions> OptionsAsync(CancellationToken ct) => new()
    {
        DataDirectory = Context.Builder.State.DataOf(server.Name),
        Password = await server.PasswordParameter.GetValueAsync(ct) ?? "",
        SuperUser = await server.UserNameReference.GetValueAsync(ct) ?? "postgres",
        Port = server.PrimaryEndpoint.Port,
        Durable = Context.Options.Durable,
        Ephemeral = !Context.Options.Durable,
        OnLogLine = Log.Append,
    };
}
