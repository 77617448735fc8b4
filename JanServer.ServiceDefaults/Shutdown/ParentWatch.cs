using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JanServer.ServiceDefaults.Shutdown;

/// <summary>
/// Stops the host when its standard input ends, which it does when the process that started it is gone, however that died. On when
/// <c>JANSERVER_WATCH_STDIN</c> is <c>1</c>.
/// </summary>
internal sealed partial class ParentWatch(Stream input, IHostApplicationLifetime lifetime, ILogger<ParentWatch> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // A thread of its own: reading the console blocks, also when asked to do it asynchronously, and a pool thread would be lost.
        new Thread(Watch) { IsBackground = true, Name = nameof(ParentWatch) }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Watch()
    {
        var ignored = new byte[256];
        try
        {
            while (input.Read(ignored) > 0)
            {
            }
        }
        catch (IOException)
        {
            // A broken pipe says the same as its end.
        }

        Log.ParentGone(logger);
        lifetime.StopApplication();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The process that started this one is gone; stopping")]
        public static partial void ParentGone(ILogger logger);
    }
}
