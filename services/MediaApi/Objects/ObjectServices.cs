using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace JanServer.MediaApi.Objects;

internal static class ObjectServices
{
    // For the JSON around a data URL, and for the heads and boundaries of a form.
    private const long Envelope = 64 << 10;

    public static IServiceCollection AddObjects(this IServiceCollection services)
    {
        services.AddOptions<MediaOptions>().BindConfiguration("Media").ValidateOnStart();
        services.AddSingleton<IValidateOptions<MediaOptions>, MediaOptionsValidator>();
        services.AddSingleton<IValidateOptions<MediaOptions>, SigningKeyValidator>();
        services.AddScoped<MediaStore>();

        // Base64 takes four characters for three bytes.
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<MediaOptions>>(
            (kestrel, media) => kestrel.Limits.MaxRequestBodySize = (media.Value.MaxBytes / 3 * 4) + Envelope);
        return services;
    }
}
