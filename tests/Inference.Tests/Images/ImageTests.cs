using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;

namespace JanServer.Inference.Tests.Images;

public sealed class ImageTests(EngineHost engine) : IClassFixture<EngineHost>
{
    private const string Path = "/v1/images/generations";

    [Fact]
    public async Task The_same_request_gives_the_same_well_formed_picture()
    {
        const string body = """{"model":"jan-demo-image","prompt":"a cat","n":2,"size":"64x32","response_format":"b64_json"}""";

        var first = Images(await engine.PostAsync(Path, body));
        var again = Images(await engine.PostAsync(Path, body));

        Assert.Equal(first, again);
        Assert.NotEqual(first[0], first[1]);
        var png = first[0];
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png[..4]);
        Assert.Equal((64, 32), (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20))));
        Assert.Equal(32 * (1 + (64 * 3)), Unpack(png).Length);
    }

    [Theory]
    [InlineData("""{"prompt":"x"}""", "model")]
    [InlineData("""{"model":"jan-demo-image"}""", "prompt")]
    [InlineData("""{"model":"jan-demo-image","prompt":"x","n":11}""", "n")]
    [InlineData("""{"model":"jan-demo-image","prompt":"x","size":"4096x4096"}""", "size")]
    [InlineData("""{"model":"jan-demo-image","prompt":"x","response_format":"url"}""", "response_format")]
    [InlineData("""{"model":"jan-demo","prompt":"x"}""", "model")]
    public async Task A_bad_request_is_refused_by_the_field_at_fault(string body, string param)
    {
        var answer = await engine.PostAsync(Path, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(param, answer.Error.GetProperty("param").GetString());
    }

    private static List<byte[]> Images(Answer answer) =>
        [.. answer.Json.GetProperty("data").EnumerateArray().Select(image => image.GetProperty("b64_json").GetBytesFromBase64())];

    /// <summary>The rows of the picture, by a decoder of this test's own: every chunk must have the length it says.</summary>
    private static byte[] Unpack(ReadOnlySpan<byte> png)
    {
        using var data = new MemoryStream();
        for (var rest = png[8..]; !rest.IsEmpty;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            if (rest[4..8].SequenceEqual("IDAT"u8))
            {
                data.Write(rest.Slice(8, length));
            }

            rest = rest[(12 + length)..];
        }

        data.Position = 0;
        using var zlib = new ZLibStream(data, CompressionMode.Decompress);
        using var rows = new MemoryStream();
        zlib.CopyTo(rows);
        return rows.ToArray();
    }
}
