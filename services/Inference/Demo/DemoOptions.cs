using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.Inference.Demo;

/// <summary>The section <c>Inference:Demo</c>.</summary>
public sealed class DemoOptions
{
    /// <summary>How fast a stream runs; 0 for as fast as the client reads. Answers that are not streamed do not wait.</summary>
    [Range(0, 100_000)]
    public double TokensPerSecond { get; set; } = 60;

    /// <summary>The most tokens of prompt and answer together.</summary>
    [Range(256, 10_000_000)]
    public int ContextLength { get; set; } = 131_072;
}

[OptionsValidator]
internal sealed partial class DemoOptionsValidator : IValidateOptions<DemoOptions>;

internal static class DemoExtensions
{
    public static IServiceCollection AddDemo(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<DemoOptions>, DemoOptionsValidator>();
        services.AddOptions<DemoOptions>().BindConfiguration("Inference:Demo").ValidateOnStart();
        services.AddSingleton<Models.ModelCatalog>();
        services.AddSingleton<DemoModel>();
        return services;
    }
}
