namespace JanServer.ServiceDefaults.Outbound;

/// <summary>Reads a body up to its limit. What is counted is what comes out of decompression, so a bomb ends at the limit too.</summary>
internal static class OutboundBody
{
    private const int Step = 64 << 10;

    public static async Task<OutboundResult> ReadAsync(HttpResponseMessage response, Uri url, long maxBytes, bool keepBeginning, CancellationToken ct)
    {
        var announced = response.Content.Headers.ContentLength;
        if (announced > maxBytes && !keepBeginning)
        {
            return new(OutboundFailure.TooLarge);
        }

        using var body = new MemoryStream((int)Math.Min(announced ?? Step, maxBytes));
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var buffer = new byte[Step];
        var truncated = false;
        int read;
        while (!truncated && (read = await stream.ReadAsync(buffer, ct)) > 0)
        {
            truncated = body.Length + read > maxBytes;
            if (truncated && !keepBeginning)
            {
                return new(OutboundFailure.TooLarge);
            }

            body.Write(buffer.AsSpan(0, (int)Math.Min(read, maxBytes - body.Length)));
        }

        var type = response.Content.Headers.ContentType;
        return new(new OutboundResponse(response.StatusCode, url, type?.MediaType, body.GetBuffer().AsMemory(0, (int)body.Length))
        {
            Charset = type?.CharSet?.Trim('"', '\''),
            IsTruncated = truncated,
        });
    }
}
