namespace JanServer.Benchmarks.Load.Measuring;

/// <summary>Latencies in nanoseconds, kept whole: a run has at most a few million, and exact quantiles need no explanation.</summary>
internal sealed class Histogram
{
    private readonly List<long> _values = [];
    private readonly Lock _gate = new();
    private bool _sorted;

    public int Count => _values.Count;

    public void Add(long nanoseconds)
    {
        lock (_gate)
        {
            _values.Add(nanoseconds);
            _sorted = false;
        }
    }

    /// <summary>The quantile in microseconds; NaN when nothing was measured.</summary>
    public double Microseconds(double quantile)
    {
        lock (_gate)
        {
            if (_values.Count == 0)
            {
                return double.NaN;
            }

            if (!_sorted)
            {
                _values.Sort();
                _sorted = true;
            }

            return _values[Math.Min(_values.Count - 1, (int)(quantile * _values.Count))] / 1000.0;
        }
    }
}
