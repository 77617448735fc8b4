namespace JanServer.LlmApi.Requests;

/// <summary>Where something is in the request body; the empty range at 0 is nowhere, for a body begins with a brace.</summary>
internal readonly record struct ByteRange(int Start, int End)
{
    public int Length => End - Start;

    public bool IsEmpty => End <= Start;

    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> body) => body[Start..End];
}
