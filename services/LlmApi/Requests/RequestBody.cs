using System.Buffers;
using System.Text.Unicode;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace JanServer.LlmApi.Requests;

/// <summary>A request body in one pooled buffer.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstSize = 4096;
    private const int MaxFirstSize = 256 * 1024;

    private byte[]? _buffer;
    private int _start;
    private int _end;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(_start, _end - _start);

    /// <summary>Reads the whole body, or says why not: too large, not JSON by its type, or not UTF-8 (RFC 8259, section 8.1).</summary>
    public static async ValueTask<(RequestBody? Body, ApiError? Error)> ReadAsync(HttpContext http, int maxBytes, CancellationToken ct)
    {
        if (http.Request.ContentType is { Length: > 0 } && !http.Request.HasJsonContentType())
        {
            return (null, new(
                StatusCodes.Status415UnsupportedMediaType,
                ErrorCodes.UnsupportedMediaType,
                "The body must be sent as 'Content-Type: application/json'."));
        }

        if (http.Request.ContentLength > maxBytes)
        {
            return (null, TooLarge(maxBytes));
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = (long)maxBytes + 1;
        }

        var body = new RequestBody { _buffer = ArrayPool<byte>.Shared.Rent(FirstSizeOf(http.Request)) };
        try
        {
            if (!await body.FillAsync(http, maxBytes, ct))
            {
                body.Dispose();
                return (null, TooLarge(maxBytes));
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }

        if (body.Bytes.Span.StartsWith("\uFEFF"u8))
        {
            body._start = "\uFEFF"u8.Length;
        }

        if (!Utf8.IsValid(body.Bytes.Span))
        {
            body.Dispose();
            return (null, new(StatusCodes.Status400BadRequest, ErrorCodes.InvalidJson, "The request body is not valid UTF-8."));
        }

        return (body, null);
    }

    /// <summary>A body of the service's own making.</summary>
    public static RequestBody Of(ReadOnlySpan<byte> bytes)
    {
        var body = new RequestBody { _buffer = ArrayPool<byte>.Shared.Rent(bytes.Length) };
        body.Append(bytes);
        return body;
    }

    /// <summary>Gives the buffer back. The bytes must not be used any more.</summary>
    public void Dispose()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            _start = _end = 0;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // A length is only announced: what it takes is set aside as it arrives.
    private static int FirstSizeOf(HttpRequest request) => (int)Math.Min(request.ContentLength ?? FirstSize, MaxFirstSize);

    private async ValueTask<bool> FillAsync(HttpContext http, int maxBytes, CancellationToken ct)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            foreach (var segment in read.Buffer)
            {
                if (_end + segment.Length > maxBytes)
                {
                    reader.AdvanceTo(read.Buffer.End);
                    return false;
                }

                Append(segment.Span);
            }

            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return true;
            }
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_end + bytes.Length > _buffer!.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _end + bytes.Length));
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    private static ApiError TooLarge(int maxBytes) => new(
        StatusCodes.Status413PayloadTooLarge,
        ErrorCodes.RequestTooLarge,
        $"The request body is larger than {maxBytes} bytes.");
}
