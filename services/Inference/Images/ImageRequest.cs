using System.Globalization;
using System.Text.Json;
using JanServer.Inference.Requests;

namespace JanServer.Inference.Images;

/// <summary>A checked request for images.</summary>
internal sealed record ImageRequest(string Model, string Prompt, int Count, int Width, int Height, long Seed)
{
    private const int MaxSide = 1024;
    private const int DefaultSide = 512;

    public static ImageRequest Read(JsonElement json, Problems problems)
    {
        var body = Fields.Of(json, problems);
        if ((body.Text("response_format") ?? "b64_json") != "b64_json")
        {
            problems.Invalid("response_format", "This engine keeps no files: 'response_format' must be b64_json.");
        }

        var (width, height) = SizeOf(body.Text("size") ?? "auto", problems);
        return new(
            body.RequiredText("model"),
            body.RequiredText("prompt"),
            (int)(body.Integer("n", 1, 10) ?? 1),
            width,
            height,
            body.Integer("seed", 0, long.MaxValue) ?? 0);
    }

    private static (int Width, int Height) SizeOf(string size, Problems problems)
    {
        if (size == "auto")
        {
            return (DefaultSide, DefaultSide);
        }

        if (size.Split('x') is [var first, var second] && Side(first) is { } width && Side(second) is { } height)
        {
            return (width, height);
        }

        problems.Invalid("size", $"'size' must be auto or a width and a height of 16 to {MaxSide}, such as 512x512.");
        return (DefaultSide, DefaultSide);
    }

    private static int? Side(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var side) && side is >= 16 and <= MaxSide ? side : null;
}
