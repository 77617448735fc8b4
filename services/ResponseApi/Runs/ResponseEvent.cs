namespace JanServer.ResponseApi.Runs;

/// <summary>An event of the stream.</summary>
/// <param name="Type">Such as <c>response.output_text.delta</c>.</param>
/// <param name="SequenceNumber">From 0, without gaps.</param>
/// <param name="Data">The whole event as UTF-8 JSON, <c>type</c> and <c>sequence_number</c> included.</param>
internal sealed record ResponseEvent(string Type, long SequenceNumber, ReadOnlyMemory<byte> Data);
