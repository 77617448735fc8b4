namespace JanServer.Testing;

/// <summary>A clock that stands still until a test moves it. Timers stay real: a fake hour is not waited for.</summary>
public sealed class FakeClock(DateTimeOffset? now = null) : TimeProvider
{
    private long _ticks = (now ?? new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)).UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
