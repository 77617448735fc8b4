using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace JanServer.Inference.Access;

internal static class AccessExtensions
{
    public static IServiceCollection AddEngineAccess(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<InferenceOptions>, InferenceOptionsValidator>();
        services.AddOptions<InferenceOptions>().BindConfiguration("Inference").ValidateOnStart();
        services.AddSingleton<EngineQueue>();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<InferenceOptions>>(
            static (kestrel, options) => kestrel.Limits.MaxRequestBodySize = options.Value.MaxRequestBytes);
        return services;
    }

    /// <summary>Comes after routing: whether an endpoint is <see cref="Queued"/> is known by then.</summary>
    public static void UseEngineAccess(this WebApplication app)
    {
        app.UseMiddleware<EngineAccess>();
        app.Use((context, next) => context.GetEndpoint()?.Metadata.GetMetadata<Queued>() is null
            ? next(context)
            : context.RequestServices.GetRequiredService<EngineQueue>().RunAsync(context, next));
    }
}
