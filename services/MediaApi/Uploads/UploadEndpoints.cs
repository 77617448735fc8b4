using System.Runtime.InteropServices;
using JanServer.Contracts.Media;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace JanServer.MediaApi.Uploads;

internal static class UploadEndpoints
{
    private const string Multipart = "multipart/form-data";

    public static void MapUploads(this IEndpointRouteBuilder media)
    {
        media.MapPost("", CreateAsync)
            .RequireScope(Scopes.Media, Scopes.Inference)
            .WithName("createMedia")
            .WithSummary("Stores a file given as a data URL or by its address.");

        media.MapPost("/upload", UploadAsync)
            .RequireScope(Scopes.Media, Scopes.Inference)
            .WithName("uploadMedia")
            .WithSummary("Stores a file sent as part 'file' of a form.");

        media.MapPost("/prepare-upload", PrepareUpload)
            .RequireScope(Scopes.Media, Scopes.Inference)
            .WithName("prepareMediaUpload")
            .WithSummary("Not offered by the file store: upload with POST /v1/media/upload.");
    }

    private static async Task<Results<Ok<StoredMedia>, ApiError>> CreateAsync(
        CreateMedia request, Caller caller, Ingestion ingestion, RemoteSource remote, CancellationToken ct)
    {
        switch (request.Source?.Type?.ToLowerInvariant())
        {
            case null or "":
                return ApiError.Missing("source.type");

            case "data_url" or "dataurl" or "datauri":
                return request.Source.DataUrl is not { } data
                    ? ApiError.Missing("source.data_url")
                    : data.Content is { } decoded
                        ? await StoreAsync(decoded, "source.data_url", request, caller, ingestion, ct)
                        : ApiError.Invalid("source.data_url", "This must be a data URL in Base64: data:image/png;base64,…");

            case "remote_url" or "remoteuri" or "remote":
                var (fetched, error) = await remote.FetchAsync(request.Source.Url, ct);
                return error is null ? await StoreAsync(fetched, "source.url", request, caller, ingestion, ct) : error;

            default:
                return ApiError.Invalid("source.type", "unknown source type: it must be 'data_url' or 'remote_url'.");
        }
    }

    private static async Task<Results<Ok<StoredMedia>, ApiError>> UploadAsync(
        HttpRequest request, Caller caller, Ingestion ingestion, CancellationToken ct)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals(Multipart, StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 } boundary)
        {
            return new ApiError(
                StatusCodes.Status415UnsupportedMediaType,
                ErrorCodes.UnsupportedMediaType,
                "The file must be sent as part 'file' of a 'Content-Type: multipart/form-data' body.");
        }

        // Section by section: a form that is read whole would be in memory or on disk twice.
        var form = new MultipartReader(boundary, request.Body);
        try
        {
            while (await form.ReadNextSectionAsync(ct) is { } section)
            {
                if (section.GetContentDispositionHeader() is { } part && part.Name.Value?.Trim('"') == "file")
                {
                    var name = (part.FileNameStar.HasValue ? part.FileNameStar : part.FileName).Value?.Trim('"');
                    var (stored, error) = await ingestion.StoreAsync(section.Body, name, "file", caller, ct);
                    return stored is null ? error! : TypedResults.Ok(stored);
                }
            }
        }
        catch (InvalidDataException)
        {
            return ApiError.Invalid("file", "The body is no well-formed form.");
        }

        return ApiError.Missing("file");
    }

    private static ApiError PrepareUpload() => new(
        StatusCodes.Status501NotImplemented,
        ErrorCodes.NotImplemented,
        "The file store takes no direct uploads. Send the file with POST /v1/media/upload.");

    private static async Task<Results<Ok<StoredMedia>, ApiError>> StoreAsync(
        ReadOnlyMemory<byte> content, string param, CreateMedia request, Caller caller, Ingestion ingestion, CancellationToken ct)
    {
        MemoryMarshal.TryGetArray(content, out var segment);
        using var stream = new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false);
        var (stored, error) = await ingestion.StoreAsync(stream, request.Filename, param, caller, ct);
        return stored is null ? error! : TypedResults.Ok(stored);
    }
}
