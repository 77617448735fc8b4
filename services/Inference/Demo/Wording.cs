namespace JanServer.Inference.Demo;

/// <summary>Chooses between ways of saying the same. Equal seeds choose equally (SplitMix64), so answers can be repeated.</summary>
internal sealed class Wording(long seed, int choice)
{
    private ulong _state = (ulong)seed ^ ((ulong)choice * 0xD1B54A32D192ED03ul);

    public string Pick(params ReadOnlySpan<string> ways)
    {
        _state += 0x9E3779B97F4A7C15ul;
        var mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ul;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBul;
        mixed ^= mixed >> 31;
        return ways[(int)(mixed % (ulong)ways.Length)];
    }
}
