namespace JanServer.LlmApi.Streaming;

/// <summary>Rewrites one answer object on its way to the client.</summary>
internal static class ChunkEdits
{
    /// <summary>The most that <see cref="Apply"/> can add to an object.</summary>
    public static int MaxGrowth(byte[] model) => model.Length + "null"u8.Length;

    /// <summary>Copies <paramref name="json"/> with the client's model id and, if told so, without its usage; returns the length.</summary>
    public static int Apply(ReadOnlySpan<byte> json, in ChunkScan scan, byte[] model, bool hidesUsage, Span<byte> target)
    {
        var (modelStart, modelEnd) = (scan.Model.Start.Value, scan.Model.End.Value);
        var (usageStart, usageEnd) = hidesUsage ? (scan.Usage.Start.Value, scan.Usage.End.Value) : (0, 0);
        var usage = scan.UsageIsFirst ? "null"u8 : [];
        var (length, position) = (0, 0);
        if (usageEnd > 0 && usageStart < modelStart)
        {
            Splice(json, usageStart, usageEnd, usage, target, ref position, ref length);
            usageEnd = 0;
        }

        if (modelEnd > 0)
        {
            Splice(json, modelStart, modelEnd, model, target, ref position, ref length);
        }

        if (usageEnd > 0)
        {
            Splice(json, usageStart, usageEnd, usage, target, ref position, ref length);
        }

        json[position..].CopyTo(target[length..]);
        return length + json.Length - position;
    }

    private static void Splice(
        ReadOnlySpan<byte> json, int start, int end, ReadOnlySpan<byte> with, Span<byte> target, ref int position, ref int length)
    {
        json[position..start].CopyTo(target[length..]);
        length += start - position;
        with.CopyTo(target[length..]);
        length += with.Length;
        position = end;
    }
}
