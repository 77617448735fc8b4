using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.LlmApi.Requests;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Images;

/// <summary>Reads requests for images from JSON; forms are <see cref="ImageFormReader"/>'s.</summary>
internal sealed class ImageRequestReader(ImageFormReader forms, IOptions<ImageOptions> options)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public Task<(ImageRequest? Request, ApiError? Error)> ReadAsync(HttpContext http, bool isEdit, CancellationToken ct) =>
        isEdit && http.Request.HasFormContentType ? forms.ReadAsync(http, ct) : ReadJsonAsync(http, isEdit, ct);

    private async Task<(ImageRequest? Request, ApiError? Error)> ReadJsonAsync(HttpContext http, bool isEdit, CancellationToken ct)
    {
        var (body, error) = await RequestBody.ReadAsync(http, options.Value.MaxRequestBytes, ct);
        if (body is null)
        {
            return (null, error);
        }

        using (body)
        {
            JsonObject? members;
            try
            {
                members = JsonNode.Parse(body.Bytes.Span, documentOptions: Strict) as JsonObject;
            }
            catch (JsonException)
            {
                members = null;
            }

            return members is null
                ? (null, new(StatusCodes.Status400BadRequest, ErrorCodes.InvalidJson, "The request body must be one JSON object, each member once."))
                : Read(members, isEdit);
        }
    }

    private (ImageRequest? Request, ApiError? Error) Read(JsonObject members, bool isEdit)
    {
        var sources = new List<ImageSource>();
        ImageSource? mask = null;
        if (isEdit)
        {
            var name = members["images"] is null ? "image" : "images";
            if ((Add(sources, name, members[name]) ?? ReadMask(members["mask"], out mask)) is { } bad)
            {
                return (null, bad);
            }

            if (sources.Count == 0 || sources.Count > options.Value.MaxInputs)
            {
                return (null, sources.Count == 0 ? ApiError.Missing("image") : ApiError.Invalid(name, $"There may be {options.Value.MaxInputs} images at most."));
            }
        }

        var (request, error) = ImageFields.Read(members, isEdit, options.Value);
        return (request is null ? null : request with { Images = sources, Mask = mask }, error);
    }

    private static ApiError? ReadMask(JsonNode? value, out ImageSource? mask)
    {
        var found = new List<ImageSource>();
        var error = value is JsonArray ? ApiError.Invalid("mask", "'mask' must be one image.") : Add(found, "mask", value);
        mask = found.FirstOrDefault();
        return error;
    }

    /// <summary>An image is text, or an object that has the text by one of several names; several are a list.</summary>
    private static ApiError? Add(List<ImageSource> sources, string param, JsonNode? value)
    {
        switch (value)
        {
            case null:
                return null;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    if (list[i] is JsonArray or null || Add(sources, $"{param}[{i}]", list[i]) is not null)
                    {
                        return Bad($"{param}[{i}]");
                    }
                }

                return null;
            case JsonObject one:
                foreach (var name in (string[])["id", "url", "image_url", "b64_json"])
                {
                    if (one[name] is JsonValue text && text.GetValueKind() is JsonValueKind.String)
                    {
                        sources.Add(new($"{param}.{name}", text.GetValue<string>()));
                        return null;
                    }
                }

                return Bad(param);
            default:
                if (value.GetValueKind() is not JsonValueKind.String)
                {
                    return Bad(param);
                }

                sources.Add(new(param, value.GetValue<string>()));
                return null;
        }
    }

    private static ApiError Bad(string param) =>
        ApiError.Invalid(param, "An image is an id jan_…, an http(s) address, a data URL or Base64, as text or as {\"url\"}, {\"b64_json\"} or {\"id\"}.");
}
