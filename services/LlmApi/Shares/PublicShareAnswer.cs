using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;

namespace JanServer.LlmApi.Shares;

/// <summary>A share as the public reads it.</summary>
/// <param name="Slug">The secret part of the address.</param>
/// <param name="Title">The title that the owner gave it.</param>
/// <param name="CreatedAt">Unix seconds.</param>
/// <param name="Snapshot">The conversation: <c>title</c>, <c>model_name</c>, <c>assistant_name</c>, <c>created_at</c> and <c>items</c>.</param>
public sealed record PublicShareResource(string Slug, string? Title, long CreatedAt, JsonElement Snapshot)
{
    /// <summary>Always <c>public_share</c>.</summary>
    public string Object => "public_share";
}

/// <summary>
/// Answers with a <see cref="PublicShareResource"/>, whose snapshot is passed on as it is stored; or with 304 when the reader has it.
/// No cache keeps it without asking: a revoked share is gone at once.
/// </summary>
internal sealed class PublicShareAnswer(PublicShare share) : IResult, IEndpointMetadataProvider
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.ETag = share.EntityTag;
        response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        if (HttpMethods.IsHead(httpContext.Request.Method))
        {
            response.ContentType = "application/json; charset=utf-8";
            return;
        }

        if (share.Snapshot is not { } snapshot)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = "application/json; charset=utf-8";
        await using (var json = new Utf8JsonWriter(response.BodyWriter, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "public_share"u8);
            json.WriteString("slug"u8, share.Slug);
            if (share.Title is not null)
            {
                json.WriteString("title"u8, share.Title);
            }

            json.WriteNumber("created_at"u8, share.CreatedAt.ToUnixTimeSeconds());
            json.WritePropertyName("snapshot"u8);
            json.WriteRawValue(snapshot, skipInputValidation: true);
            json.WriteEndObject();
        }

        await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(PublicShareResource), ["application/json"]));
    }
}
