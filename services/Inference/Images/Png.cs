using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace JanServer.Inference.Images;

/// <summary>Writes PNG (ISO 15948): 8-bit RGB, not interlaced.</summary>
internal static class Png
{
    private static readonly uint[] Crcs = MakeCrcs();

    /// <param name="pixels">Three bytes each, row by row.</param>
    /// <param name="software">What made it; written into the file.</param>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int width, int height, string software)
    {
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        (header[8], header[9]) = (8, 2);
        WriteChunk(png, "IHDR"u8, header);
        WriteChunk(png, "tEXt"u8, [.. "Software\0"u8, .. Encoding.Latin1.GetBytes(software)]);
        WriteChunk(png, "IDAT"u8, Compress(pixels, width * 3));
        WriteChunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static ReadOnlySpan<byte> Compress(ReadOnlySpan<byte> pixels, int stride)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (; !pixels.IsEmpty; pixels = pixels[stride..])
            {
                // Each row begins with its filter: none.
                zlib.WriteByte(0);
                zlib.Write(pixels[..stride]);
            }
        }

        return compressed.ToArray();
    }

    private static void WriteChunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), data));
        png.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var value in data)
        {
            crc = Crcs[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return crc;
    }

    private static uint[] MakeCrcs()
    {
        var crcs = new uint[256];
        for (var i = 0u; i < crcs.Length; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : 0xEDB88320 ^ (crc >> 1);
            }

            crcs[i] = crc;
        }

        return crcs;
    }
}
