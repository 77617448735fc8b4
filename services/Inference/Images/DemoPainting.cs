using System.Security.Cryptography;
using System.Text;

namespace JanServer.Inference.Images;

/// <summary>
/// Paints by a fixed rule: two colours that run into each other and some discs, all taken from the hash of the prompt. It shows nothing
/// of what the prompt says; it shows that images work from end to end.
/// </summary>
internal static class DemoPainting
{
    private const int Discs = 5;
    private const int BytesPerDisc = 6;

    /// <summary>The pixels, three bytes each, row by row. The same request gives the same picture.</summary>
    public static byte[] Paint(ImageRequest request, int index)
    {
        Span<byte> dice = stackalloc byte[SHA512.HashSizeInBytes];
        SHA512.HashData(Encoding.UTF8.GetBytes($"{request.Prompt}\n{request.Seed}\n{index}"), dice);

        var (width, height) = (request.Width, request.Height);
        var pixels = new byte[width * height * 3];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var colour = ColourAt(dice, x, y, width, height);
                var at = ((y * width) + x) * 3;
                (pixels[at], pixels[at + 1], pixels[at + 2]) = colour;
            }
        }

        return pixels;
    }

    private static (byte R, byte G, byte B) ColourAt(ReadOnlySpan<byte> dice, int x, int y, int width, int height)
    {
        for (var disc = Discs - 1; disc >= 0; disc--)
        {
            var throws = dice.Slice(8 + (disc * BytesPerDisc), BytesPerDisc);
            var dx = x - (throws[0] * width / 255);
            var dy = y - (throws[1] * height / 255);
            var radius = Math.Min(width, height) * (8 + (throws[2] & 31)) / 128;
            if ((dx * dx) + (dy * dy) <= radius * radius)
            {
                return (throws[3], throws[4], throws[5]);
            }
        }

        var share = (x + y) * 256 / (width + height);
        return (Mix(dice[0], dice[3], share), Mix(dice[1], dice[4], share), Mix(dice[2], dice[5], share));
    }

    private static byte Mix(byte from, byte to, int share) => (byte)(((from * (256 - share)) + (to * share)) >> 8);
}
