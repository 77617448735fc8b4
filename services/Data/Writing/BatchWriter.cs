using System.Diagnostics.Metrics;
using System.Threading.Channels;
using JanServer.Data.Connections;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JanServer.Data.Writing;

/// <summary>
/// Group commit for hot writes: rows of many requests go to the database together, in the order they came. A database that is
/// away is waited for; a row that it refuses is reported and does not hold up the others; shutdown writes what is left.
/// </summary>
public sealed partial class BatchWriter<T> : BackgroundService
{
    // A flush that the server cancels again and again, while it answers otherwise, is about the rows.
    private const int MaxCancellations = 10;
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(50);

    private readonly string _name;
    private readonly NpgsqlDataSource _database;
    private readonly Func<NpgsqlConnection, IReadOnlyList<T>, CancellationToken, Task> _write;
    private readonly BatchWriterOptions _options;
    private readonly ILogger _logger;
    private readonly Channel<Pending> _queue;
    private readonly CancellationTokenSource _abandon = new();
    private readonly Histogram<int> _flushed;
    private readonly Counter<long> _failures;
    private readonly KeyValuePair<string, object?> _tag;
    private volatile bool _isFailing;

    internal BatchWriter(
        string name,
        NpgsqlDataSource database,
        Func<NpgsqlConnection, IReadOnlyList<T>, CancellationToken, Task> write,
        BatchWriterOptions options,
        IMeterFactory meters,
        ILogger<BatchWriter<T>> logger)
    {
        _name = name;
        _database = database;
        _write = write;
        _options = options;
        _logger = logger;
        _queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(options.Capacity) { SingleReader = true });
        _tag = new("jan.writer.name", name);
        var meter = meters.Create(DataMetrics.MeterName);
        _flushed = meter.CreateHistogram<int>(DataMetrics.FlushedRows, "{row}", "Rows written together in one transaction.");
        _failures = meter.CreateCounter<long>(DataMetrics.WriteFailures, "{failure}", "Failed attempts to write and rows lost.");
        meter.CreateObservableGauge(DataMetrics.QueuedRows, () => new Measurement<int>(_queue.Reader.Count, _tag), "{row}", "Rows that wait to be written.");
    }

    /// <summary>Whether the last attempt failed and is made again: the database is away, and what is handed over waits for it.</summary>
    public bool IsFailing => _isFailing;

    /// <summary>Hands a row over; waits only while the queue is full. The row is written later, whatever becomes of the caller.</summary>
    /// <exception cref="InvalidOperationException">The host is stopping.</exception>
    public async ValueTask EnqueueAsync(T row, CancellationToken ct) => await AddAsync(new Pending(row, null), ct);

    /// <summary>Hands a row over unless the queue is full or closed; never waits.</summary>
    /// <returns>Whether the row will be written.</returns>
    public bool TryEnqueue(T row) => _queue.Writer.TryWrite(new Pending(row, null));

    /// <summary>Writes a row; returns when it is committed. Cancelling stops the wait, not the write.</summary>
    /// <exception cref="InvalidOperationException">The host is stopping.</exception>
    /// <exception cref="PostgresException">The database refused this row.</exception>
    public async Task WriteAsync(T row, CancellationToken ct)
    {
        var pending = new Pending(row, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await AddAsync(pending, ct);
        await pending.Done!.Task.WaitAsync(ct);
    }

    /// <summary>Takes no more rows and returns when all are written or the host's patience ends.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        await using (cancellationToken.Register(_abandon.Cancel))
        {
            await (ExecuteTask ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _abandon.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Pending>(_options.MaxRows);
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            if (_queue.Reader.Count < _options.MaxRows && _options.MaxDelay > TimeSpan.Zero && !stoppingToken.IsCancellationRequested)
            {
                await Task.Delay(_options.MaxDelay, CancellationToken.None);
            }

            while (batch.Count < _options.MaxRows && _queue.Reader.TryRead(out var pending))
            {
                batch.Add(pending);
            }

            await FlushAsync(batch, 0, batch.Count);
            batch.Clear();
        }
    }

    private async ValueTask AddAsync(Pending pending, CancellationToken ct)
    {
        try
        {
            await _queue.Writer.WriteAsync(pending, ct);
        }
        catch (ChannelClosedException e)
        {
            throw new InvalidOperationException($"The writer of {_name} takes no more rows: the service is stopping.", e);
        }
    }

    /// <summary>Writes a range in order; a range that the database refuses is halved until the rows at fault stand alone.</summary>
    private async Task FlushAsync(List<Pending> batch, int start, int count)
    {
        var failure = await TryWriteAsync(batch, start, count);
        if (failure is null)
        {
            _flushed.Record(count, _tag);
            for (var i = start; i < start + count; i++)
            {
                batch[i].Done?.TrySetResult();
            }
        }
        else if (count > 1 && !_abandon.IsCancellationRequested)
        {
            await FlushAsync(batch, start, count / 2);
            await FlushAsync(batch, start + (count / 2), count - (count / 2));
        }
        else
        {
            _failures.Add(count, _tag, DataMetrics.Lost);
            Log.Lost(_logger, count, _name, DatabaseFailure.Describe(failure));
            for (var i = start; i < start + count; i++)
            {
                batch[i].Done?.TrySetException(failure);
            }
        }
    }

    /// <summary>Tries until the rows are committed, refused for good, or the host's patience ends.</summary>
    /// <returns>Null, or why the rows are not written.</returns>
    private async Task<Exception?> TryWriteAsync(List<Pending> batch, int start, int count)
    {
        var rows = new T[count];
        for (var i = 0; i < count; i++)
        {
            rows[i] = batch[start + i].Row;
        }

        var pause = FirstBackOff;
        for (var cancellations = 0; ;)
        {
            var connected = false;
            try
            {
                await using var connection = await _database.OpenConnectionAsync(_abandon.Token);
                connected = true;
                await using var transaction = await connection.BeginTransactionAsync(_abandon.Token);
                await _write(connection, rows, _abandon.Token);
                await transaction.CommitAsync(_abandon.Token);
                _isFailing = false;
                return null;
            }
            catch (Exception e) when (DatabaseFailure.IsTransient(e) && !_abandon.IsCancellationRequested)
            {
                if (connected && DatabaseFailure.IsCancelled(e) && ++cancellations >= MaxCancellations)
                {
                    return e;
                }

                _isFailing = true;
                _failures.Add(1, _tag, DataMetrics.Retried);
                Log.Retrying(_logger, count, _name, pause.TotalMilliseconds, DatabaseFailure.Describe(e));
            }
            catch (Exception e)
            {
                return e;
            }

            try
            {
                await Task.Delay(pause, _abandon.Token);
            }
            catch (OperationCanceledException e)
            {
                return e;
            }

            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, _options.MaxBackOff.Ticks));
        }
    }

    private readonly record struct Pending(T Row, TaskCompletionSource? Done);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Could not write {Count} rows of {Name}; trying again in {PauseMs} ms: {Reason}")]
        public static partial void Retrying(ILogger logger, int count, string name, double pauseMs, string reason);

        [LoggerMessage(LogLevel.Error, "Lost {Count} rows of {Name}: {Reason}")]
        public static partial void Lost(ILogger logger, int count, string name, string reason);
    }
}
