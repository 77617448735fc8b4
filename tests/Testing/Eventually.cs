using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace JanServer.Testing;

/// <summary>Waits for what happens on its own time: asks again until it is so, within one deadline shared by all tests.</summary>
public static class Eventually
{
    /// <summary>How long anything may take before a test calls it broken. Never what a test measures.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until <paramref name="condition"/> holds.</summary>
    public static Task True(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string? what = null) =>
        True(() => Task.FromResult(condition()), what);

    /// <summary>Waits until <paramref name="condition"/> holds.</summary>
    public static Task True(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string? what = null) =>
        Succeeds(async () => Xunit.Assert.True(await condition(), $"Not so within {Deadline.TotalSeconds} s: {what}"));

    /// <summary>Waits until <paramref name="check"/> no longer throws; its last exception is the failure.</summary>
    public static async Task Succeeds(Func<Task> check)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await check();
                return;
            }
            catch (Exception) when (clock.Elapsed < Deadline)
            {
                await Task.Delay(Pause);
            }
        }
    }

    /// <summary>Bounds the wait for a signal.</summary>
    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Deadline);

    /// <summary>Bounds the wait for a signal.</summary>
    public static Task Soon(this Task task) => task.WaitAsync(Deadline);
}
