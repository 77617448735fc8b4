using JanServer.Contracts.Media;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Outbound;
using JanServer.ServiceDefaults.Resilience;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Images;

internal static class ImageEndpoints
{
    public static IServiceCollection AddImages(this IServiceCollection services)
    {
        services.AddOptions<ImageOptions>().BindConfiguration("Images").ValidateOnStart();
        services.AddSingleton<IValidateOptions<ImageOptions>, ImageOptionsValidator>();
        services.AddServiceClient<MediaClient>("media-api");
        services.AddOutboundClient();
        services.AddSingleton<ImageFormReader>().AddSingleton<ImageRequestReader>().AddSingleton<ImageUpstream>();
        services.AddScoped<ImageInputs>().AddScoped<ImageResults>().AddScoped<ImageTurns>().AddScoped<ImagePipeline>();
        return services;
    }

    public static void MapImages(this IEndpointRouteBuilder v1)
    {
        var images = v1.MapGroup("/images").WithTags("Images").RequireScope(Scopes.Inference);

        images.MapPost("/generations", GenerateAsync)
            .WithName("CreateImage")
            .WithSummary("Makes images from a prompt.")
            .WithDescription("The body is OpenAI's CreateImageRequest. Members that this server does not know go to the model's server untouched. "
                + "Images are stored and returned as links unless 'response_format' is 'b64_json'.");

        images.MapPost("/edits", EditAsync)
            .WithName("CreateImageEdit")
            .WithSummary("Makes images from a prompt and other images.")
            .WithDescription("A form as OpenAI's clients send it, or JSON in which an image is an id 'jan_…', an address, a data URL or Base64.");

        images.MapPost("/variations", Variations)
            .WithName("CreateImageVariation")
            .WithSummary("Not offered: edit the image with a prompt instead.");
    }

    private static async Task<Results<Ok<ImageList>, ApiError>> GenerateAsync(
        HttpContext http, Caller caller, ImagePipeline pipeline, CancellationToken ct)
    {
        var (images, error) = await pipeline.RunAsync(http, caller, isEdit: false, ct);
        return images is null ? error! : TypedResults.Ok(images);
    }

    private static async Task<Results<Ok<ImageList>, ApiError>> EditAsync(
        HttpContext http, Caller caller, ImagePipeline pipeline, CancellationToken ct)
    {
        var (images, error) = await pipeline.RunAsync(http, caller, isEdit: true, ct);
        return images is null ? error! : TypedResults.Ok(images);
    }

    private static ApiError Variations() => new(
        StatusCodes.Status501NotImplemented,
        ErrorCodes.NotImplemented,
        "Variations are not offered. Use POST /v1/images/edits with a prompt.");
}
