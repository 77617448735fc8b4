using JanServer.ServiceDefaults.Health;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace JanServer.ServiceDefaults.Redis;

/// <summary>Registers what replicas share, when <c>ConnectionStrings:redis</c> says where; else each process has its own.</summary>
public static class RedisRegistration
{
    private const string ConnectionName = "redis";

    private static readonly string[] ReadyTags = [HealthDefaults.ReadyTag];

    /// <summary>Registers <see cref="IDistributedCache"/>: in Redis, or in this process. Only its asynchronous members work.</summary>
    public static TBuilder AddSharedCache<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        if (builder.TryAddRedis())
        {
            builder.Services.TryAddSingleton<IDistributedCache, RedisCache>();
        }
        else
        {
            builder.Services.AddDistributedMemoryCache();
        }

        return builder;
    }

    /// <summary>Registers the client once, with its readiness check; false when no Redis is configured.</summary>
    internal static bool TryAddRedis(this IHostApplicationBuilder builder)
    {
        if (builder.Configuration.GetConnectionString(ConnectionName) is not { Length: > 0 } connectionString)
        {
            return false;
        }

        if (builder.Services.All(service => service.ServiceType != typeof(RedisClient)))
        {
            builder.Services.AddSingleton(RedisSettings.Parse(connectionString));
            builder.Services.AddSingleton<RedisClient>();
            builder.Services.AddHealthChecks().AddCheck<RedisReadinessCheck>(ConnectionName, HealthStatus.Degraded, ReadyTags);
        }

        return true;
    }
}
