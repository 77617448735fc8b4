namespace JanServer.ServiceDefaults.Outbound;

/// <summary>Reads a body up to its limit. What is counted is what comes out of decompression, so a bomb ends at the limit too.</summary>
internal static class OutboundBody
{
    private const int Step = 64 << 10;

    public static async Task<OutboundResult> ReadAsync(HttpResponseMessage response, Uri url, long maxBytes, CancellationToken ct)
    {
        var announced = response.Content.Headers.ContentLength;
        if (announced > maxBytes)
        {
            return new(OutboundFailure.TooLarge);
        }

        using var body = new MemoryStream((int)Math.Min(announced ?? Step, maxBytes));
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var buffer = new byte[Step];
        int read;
        while ((read = await stream.ReadAsync(buffer, ct)) > 0)
        {
            if (body.Length + read > maxBytes)
            {
                return new(OutboundFailure.TooLarge);
            }

            body.Write(buffer.AsSpan(0, read));
        }

        return new(new OutboundResponse(
            response.StatusCode, url, response.Content.Headers.ContentType?.MediaType, body.GetBuffer().AsMemory(0, (int)body.Length)));
    }
}
