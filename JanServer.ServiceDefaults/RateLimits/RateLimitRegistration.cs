using JanServer.ServiceDefaults.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace JanServer.ServiceDefaults.RateLimits;

/// <summary>Registers rate limits.</summary>
public static class RateLimitRegistration
{
    /// <summary>Registers <see cref="IRateLimiter"/>: for all replicas together when <c>ConnectionStrings:redis</c> is set.</summary>
    public static TBuilder AddRateLimits<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.TryAddSingleton<LocalRateLimiter>();
        if (builder.TryAddRedis())
        {
            builder.Services.TryAddSingleton<IRateLimiter, RedisRateLimiter>();
        }
        else
        {
            builder.Services.TryAddSingleton<IRateLimiter>(provider => provider.GetRequiredService<LocalRateLimiter>());
        }

        return builder;
    }
}
