using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.LlmApi.Models;

namespace JanServer.LlmApi.Images;

/// <summary>
/// Writes a request as a provider reads it. It is asked for Base64, so that no link of its own has to be followed; the models that
/// know nothing else refuse to be asked.
/// </summary>
internal static class ImageBody
{
    private const string AlwaysBase64 = "gpt-image";

    public static HttpContent Of(ImageRequest request, ModelOffer offer, IReadOnlyList<LoadedImage> images, LoadedImage? mask)
    {
        var members = (JsonObject)request.Forwarded.DeepClone();
        members["model"] = offer.UpstreamId;
        if (!offer.UpstreamId.Contains(AlwaysBase64, StringComparison.OrdinalIgnoreCase))
        {
            members["response_format"] = "b64_json";
        }

        if (images.Count > 0)
        {
            return Form(members, images, mask);
        }

        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(members.ToJsonString()));
        content.Headers.ContentType = new("application/json");
        return content;
    }

    private static MultipartFormDataContent Form(JsonObject members, IReadOnlyList<LoadedImage> images, LoadedImage? mask)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in members)
        {
            if (value is not null)
            {
                form.Add(new StringContent(value.GetValueKind() is JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString()), Quoted(name));
            }
        }

        // OpenAI's name for several; servers that take one know the other.
        var field = images.Count > 1 ? "image[]" : "image";
        foreach (var image in images)
        {
            form.Add(FileOf(image), Quoted(field), Quoted(image.Filename));
        }

        if (mask is not null)
        {
            form.Add(FileOf(mask), Quoted("mask"), Quoted(mask.Filename));
        }

        return form;
    }

    private static ReadOnlyMemoryContent FileOf(LoadedImage image) => new(image.Bytes)
    {
        Headers = { ContentType = MediaTypeHeaderValue.Parse(image.MimeType) },
    };

    // Some servers do not find a part whose name is not in quotes.
    private static string Quoted(string name) => $"\"{name.Replace("\"", "", StringComparison.Ordinal)}\"";
}
