using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace JanServer.ServiceDefaults.Shutdown;

/// <summary>
/// When a host stops, new connections are refused at once and running requests are let go on until this deadline. Code that streams
/// observes <see cref="Token"/> and ends its stream with an in-band error when it is cancelled; what is still running
/// <see cref="LastWords"/> later is cut off.
/// </summary>
public sealed class DrainDeadline : IHostedService, IDisposable
{
    /// <summary>The time between the deadline and the abortion of connections, in which streams say why they end.</summary>
    public static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _deadline = new();
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeSpan _timeout;
    private CancellationTokenRegistration _stopping;

    /// <summary>Reads how long the deadline is.</summary>
    public DrainDeadline(IHostApplicationLifetime lifetime, IOptions<ShutdownOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _lifetime = lifetime;
        _timeout = options.Value.DrainTimeout;
    }

    /// <summary>Cancelled when the time for running requests is over.</summary>
    public CancellationToken Token => _deadline.Token;

    /// <summary>Whether the process has been told to stop: nothing long should be begun.</summary>
    public bool IsDraining => _lifetime.ApplicationStopping.IsCancellationRequested;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _stopping = _lifetime.ApplicationStopping.Register(() => _deadline.CancelAfter(_timeout));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        _deadline.Dispose();
    }
}
