using System.Diagnostics.Metrics;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.Data.Tests.Widgets;
using JanServer.Data.Writing;
using JanServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;

namespace JanServer.Data.Tests.Writing;

public sealed class BatchWriterTests
{
    private static readonly Id<UserRef> Owner = Id<UserRef>.New(TimeProvider.System);

    [Fact]
    public async Task A_row_is_committed_when_the_write_returns()
    {
        await using var host = await StartAsync();

        await WriterOf(host).WriteAsync(WidgetHost.NewWidget(Owner), default);

        Assert.Equal(1L, await CountAsync(host));
    }

    [Fact]
    public async Task Rows_of_many_requests_are_committed_together()
    {
        await using var host = await StartAsync();
        var writer = WriterOf(host);

        await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => writer.WriteAsync(WidgetHost.NewWidget(Owner), default)));

        var transactions = await host.Database.ScalarAsync<long>("SELECT count(DISTINCT xmin::text) FROM widgets");
        Assert.Equal(500L, await CountAsync(host));
        Assert.InRange(transactions, 1, 100);
    }

    [Fact]
    public async Task A_row_that_the_database_refuses_is_reported_and_the_others_are_written()
    {
        await using var host = await StartAsync();
        var writer = WriterOf(host);
        using var lost = new LostRows(host);
        var rows = Enumerable.Range(0, 50).Select(i => WidgetHost.NewWidget(Owner, i == 20 ? "poison\0" : $"good {i}")).ToList();

        var writes = rows.Select(row => writer.WriteAsync(row, default)).ToList();
        var e = await Assert.ThrowsAsync<PostgresException>(() => writes[20]);
        await Task.WhenAll(writes.Where((_, i) => i != 20));

        Assert.Equal(PostgresErrorCodes.CharacterNotInRepertoire, e.SqlState);
        Assert.Equal(49L, await CountAsync(host));
        Assert.Equal(1, lost.Count);
    }

    [Fact]
    public async Task Rows_keep_their_order_also_around_a_refused_one()
    {
        await using var host = await StartAsync();
        var writer = WriterOf(host);
        await host.Database.ExecuteAsync("ALTER TABLE widgets ADD COLUMN place bigserial");

        for (var i = 0; i < 200; i++)
        {
            await writer.EnqueueAsync(WidgetHost.NewWidget(Owner, i == 77 ? "poison\0" : i.ToString("000", null)), default);
        }

        await Eventually.True(async () => await CountAsync(host) == 199);
        Assert.True(await host.Database.ScalarAsync<bool>(
            "SELECT array_agg(display_name ORDER BY place) = array_agg(display_name ORDER BY display_name) FROM widgets"));
    }

    [Fact]
    public async Task Rows_wait_for_a_database_that_is_away()
    {
        await using var host = await StartAsync();
        var writer = WriterOf(host);
        await writer.WriteAsync(WidgetHost.NewWidget(Owner), default);
        using var failures = new LostRows(host, "retried");

        await host.Database.GoAwayAsync();
        var writes = Enumerable.Range(0, 20).Select(_ => writer.WriteAsync(WidgetHost.NewWidget(Owner), default)).ToList();
        await Eventually.True(() => failures.Count > 2);
        Assert.All(writes, write => Assert.False(write.IsCompleted));
        await host.Database.ComeBackAsync();
        await Task.WhenAll(writes).Soon();

        Assert.Equal(21L, await CountAsync(host));
    }

    [Fact]
    public async Task A_full_queue_makes_writers_wait_instead_of_growing()
    {
        await using var host = await StartAsync(new BatchWriterOptions { Capacity = 4, MaxRows = 2 });
        var writer = WriterOf(host);
        await host.Database.GoAwayAsync();

        var taken = 0;
        ValueTask waiting;
        while ((waiting = writer.EnqueueAsync(WidgetHost.NewWidget(Owner), default)).IsCompleted)
        {
            await waiting;
            Assert.InRange(++taken, 1, 1000);
        }

        await host.Database.ComeBackAsync();
        await waiting.AsTask().Soon();
        await Eventually.True(async () => await CountAsync(host) == taken + 1);
    }

    [Fact]
    public async Task Stopping_writes_what_is_left()
    {
        await using var host = await StartAsync();
        var writer = WriterOf(host);
        for (var i = 0; i < 1000; i++)
        {
            await writer.EnqueueAsync(WidgetHost.NewWidget(Owner), default);
        }

        await host.Host.StopAsync();

        Assert.Equal(1000L, await CountAsync(host));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await writer.EnqueueAsync(WidgetHost.NewWidget(Owner), default));
    }

    [Fact]
    public async Task Stopping_without_a_database_ends_and_says_what_is_lost()
    {
        await using var host = await StartAsync();
        var writer = WriterOf(host);
        using var lost = new LostRows(host);
        await host.Database.GoAwayAsync();
        var write = writer.WriteAsync(WidgetHost.NewWidget(Owner), default);

        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await writer.StopAsync(patience.Token);

        await Assert.ThrowsAnyAsync<Exception>(() => write.Soon());
        Assert.Equal(1, lost.Count);
        await host.Database.ComeBackAsync();
    }

    [Fact]
    public async Task A_caller_that_leaves_does_not_take_its_row_along()
    {
        await using var host = await StartAsync();
        using var gone = new CancellationTokenSource();
        await host.Database.GoAwayAsync();
        var write = WriterOf(host).WriteAsync(WidgetHost.NewWidget(Owner), gone.Token);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
        await host.Database.ComeBackAsync();

        await Eventually.True(async () => await CountAsync(host) == 1);
    }

    private static Task<WidgetHost> StartAsync(BatchWriterOptions? options = null) =>
        WidgetHost.StartAsync(services => services.AddBatchWriter<Widget>("widgets", InsertAsync, options));

    private static BatchWriter<Widget> WriterOf(WidgetHost host) => host.Host.Services.GetRequiredService<BatchWriter<Widget>>();

    private static Task<long> CountAsync(WidgetHost host) => host.Database.ScalarAsync<long>("SELECT count(*) FROM widgets");

    private static async Task InsertAsync(NpgsqlConnection connection, IReadOnlyList<Widget> rows, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO widgets (id, owner_id, display_name, created_at)
            SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[]) ON CONFLICT DO NOTHING
            """,
            connection);
        Add(NpgsqlDbType.Uuid, rows.Select(row => row.Id.Value).ToArray());
        Add(NpgsqlDbType.Uuid, rows.Select(row => row.OwnerId.Value).ToArray());
        Add(NpgsqlDbType.Text, rows.Select(row => row.DisplayName).ToArray());
        Add(NpgsqlDbType.TimestampTz, rows.Select(row => row.CreatedAt).ToArray());
        await command.ExecuteNonQueryAsync(ct);

        void Add(NpgsqlDbType type, object values) => command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | type, Value = values });
    }

    /// <summary>Counts what the writer's failure metric says.</summary>
    private sealed class LostRows : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _count;

        public LostRows(WidgetHost host, string outcome = "lost")
        {
            var meters = host.Host.Services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == meters && instrument.Name == DataMetrics.WriteFailures)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
            {
                foreach (var tag in tags)
                {
                    if (tag.Key == "jan.writer.outcome" && (string?)tag.Value == outcome)
                    {
                        Interlocked.Add(ref _count, value);
                    }
                }
            });
            _listener.Start();
        }

        public long Count => Interlocked.Read(ref _count);

        public void Dispose() => _listener.Dispose();
    }
}
