namespace JanServer.MediaApi.Files;

/// <summary>What a file is, by its first bytes: the kinds that messages may carry, and no kind that a browser would run.</summary>
internal static class MediaTypes
{
    /// <summary>How many bytes it takes to tell.</summary>
    public const int HeadLength = 32;

    /// <summary>Said to who sends something else.</summary>
    public const string Accepted = "PNG, JPEG, GIF, WebP, BMP, TIFF, WAV, MP3, PDF";

    /// <summary>The type, or null when it is none that is taken.</summary>
    public static string? Of(ReadOnlySpan<byte> head) => head switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "image/png",
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        _ when head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8) => "image/gif",
        _ when head.Length >= 12 && head.StartsWith("RIFF"u8) => head[8..12] switch
        {
            var form when form.SequenceEqual("WEBP"u8) => "image/webp",
            var form when form.SequenceEqual("WAVE"u8) => "audio/wav",
            _ => null,
        },
        [(byte)'B', (byte)'M', _, _, _, _, 0, 0, 0, 0, ..] => "image/bmp",
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => "image/tiff",
        _ when head.StartsWith("%PDF-"u8) => "application/pdf",
        _ when head.StartsWith("ID3"u8) || IsMp3Frame(head) => "audio/mpeg",
        _ => null,
    };

    // ISO 11172-3: eleven bits set, layer III, and neither the bit rate nor the sampling rate that no file has.
    private static bool IsMp3Frame(ReadOnlySpan<byte> head) =>
        head is [0xFF, var second, var third, ..]
        && (second & 0xE6) == 0xE2
        && (second & 0x18) != 0x08
        && (third & 0xF0) is not (0xF0 or 0x00)
        && (third & 0x0C) != 0x0C;
}
