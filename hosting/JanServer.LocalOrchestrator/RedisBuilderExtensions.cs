using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static class RedisBuilderExtensions
{
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null)
    {
        // A comma or an equals sign would end the value in a Redis connection string; special characters are left out altogether.
        var secret = password?.Resource ?? ParameterResourceBuilderExtensions.CreatePassword(builder, $"{name}-password", special: false);
        var redis = new RedisResource(name, secret);
        return builder.AddResource(redis)
            .WithImage("library/redis", "8.2")
            .WithImageRegistry("docker.io")
            .WithEndpoint(port: port, targetPort: 6379, name: RedisResource.EndpointName)
            .WithEntrypoint("/bin/sh")
            .WithEnvironment(context => context.EnvironmentVariables["REDIS_PASSWORD"] = redis.PasswordParameter!)
            .WithArgs("-c", "redis-server --requirepass $REDIS_PASSWORD");
    }

    public static IResourceBuilder<RedisResource> WithDataVolume(
        this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithVolume(name ?? $"{builder.Resource.Name}-data", "/data", isReadOnly);
}
