using System.Globalization;
using System.Text.Json.Nodes;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Images;

/// <summary>Reads an edit as OpenAI's clients send it: a form with the files <c>image</c> or <c>image[]</c> and <c>mask</c>.</summary>
internal sealed class ImageFormReader(IOptions<ImageOptions> options)
{
    private const int MaxFields = 64;

    private static readonly HashSet<string> Numbers = new(StringComparer.Ordinal)
    {
        "n", "output_compression", "partial_images", "strength", "steps", "seed", "cfg_scale", "num_inference_steps",
    };

    private static readonly HashSet<string> Flags = new(StringComparer.Ordinal) { "stream", "store" };

    public async Task<(ImageRequest? Request, ApiError? Error)> ReadAsync(HttpContext http, CancellationToken ct)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = options.Value.MaxRequestBytes;
        }

        IFormCollection form;
        try
        {
            form = await http.Request.ReadFormAsync(
                new FormOptions { MultipartBodyLengthLimit = options.Value.MaxRequestBytes, ValueCountLimit = MaxFields }, ct);
        }
        catch (InvalidDataException)
        {
            return (null, new(StatusCodes.Status400BadRequest, ErrorCodes.InvalidValue, "The body is no well-formed form."));
        }

        var images = form.Files.Where(file => file.Name is "image" or "image[]").ToList();
        if (images.Count == 0 || images.Count > options.Value.MaxInputs)
        {
            return (null, images.Count == 0 ? ApiError.Missing("image") : ApiError.Invalid("image", $"There may be {options.Value.MaxInputs} images at most."));
        }

        var mask = form.Files.GetFile("mask");
        if ((mask is null ? images : [.. images, mask]).Find(file => file.Length > options.Value.MaxInputBytes) is { } large)
        {
            return (null, ImageInputs.TooLarge(large.Name, options.Value));
        }

        var members = new JsonObject();
        foreach (var (name, value) in form)
        {
            members[name] = ValueOf(name, value.ToString());
        }

        var (request, error) = ImageFields.Read(members, isEdit: true, options.Value);
        return request is null
            ? (null, error)
            : (request with
            {
                Images = await ReadAsync(images, ct),
                Mask = mask is null ? null : (await ReadAsync([mask], ct))[0],
            }, null);
    }

    private static async Task<List<ImageSource>> ReadAsync(List<IFormFile> files, CancellationToken ct)
    {
        var sources = new List<ImageSource>(files.Count);
        foreach (var file in files)
        {
            var bytes = new byte[file.Length];
            await using var stream = file.OpenReadStream();
            await stream.ReadExactlyAsync(bytes, ct);
            sources.Add(new(file.Name, null, bytes));
        }

        return sources;
    }

    /// <summary>A form has text only; what stays text although it is to be a number is refused by its name.</summary>
    private static JsonValue ValueOf(string name, string text) =>
        Numbers.Contains(name) && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? JsonValue.Create(whole)
        : Numbers.Contains(name) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? JsonValue.Create(number)
        : Flags.Contains(name) && bool.TryParse(text, out var flag) ? JsonValue.Create(flag)
        : JsonValue.Create(text);
}
