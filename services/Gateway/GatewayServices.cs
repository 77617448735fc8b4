using JanServer.Contracts.Accounts;
using JanServer.Gateway.Authentication;
using JanServer.Gateway.Edge;
using JanServer.Gateway.Forwarding;
using JanServer.Gateway.OpenApi;
using JanServer.Gateway.RateLimits;
using JanServer.Gateway.Routing;
using JanServer.ServiceDefaults.Auth.Jwt;
using JanServer.ServiceDefaults.Auth.Principals;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Health;
using JanServer.ServiceDefaults.RateLimits;
using JanServer.ServiceDefaults.Resilience;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace JanServer.Gateway;

/// <summary>Puts the gateway's features together.</summary>
internal static class GatewayServices
{
    public static void AddGateway(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidated<GatewayOptions, GatewayOptionsValidator>("Gateway");
        services.AddValidated<ForwardingOptions, ForwardingOptionsValidator>("Gateway:Forwarding");
        services.AddValidated<RateLimitOptions, RateLimitOptionsValidator>("Gateway:RateLimits");
        builder.AddRateLimits();
        services.AddSingleton<EdgeLimits>();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<GatewayOptions>>((kestrel, gateway) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = gateway.Value.MaxBodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = gateway.Value.MaxHeaderBytes;
        });
        services.AddCrossOrigin().AddDocumentation();

        services.AddCallerTokens().AddApiKeyAuthentication().AddUserTokenAuthentication();
        services.AddServiceClient<AccountsClient>(RouteTable.Accounts);
        services.AddSingleton<CallerTokenCache>().AddSingleton<EdgeAuthentication>();

        services.AddServiceReadiness(RouteTable.Accounts).AddServiceReadiness(RouteTable.LlmApi);

        // It warns, with a stack, of every client that hangs up and of every attempt that is repeated; the pipeline logs what is left.
        builder.Logging.AddFilter("Yarp.ReverseProxy.Forwarder", LogLevel.None);
        services.AddSingleton<IForwarderHttpClientFactory, GatewayHttpClientFactory>();
        services.AddSingleton<ForwardingPipeline>();
        services.AddSingleton<ServiceAddresses>();
        services.AddSingleton<IProxyConfigProvider, ProxyConfiguration>();
        services.AddReverseProxy().AddTransforms(transforms => transforms.UseDefaultForwarders = false);
    }

    public static void MapServices(this WebApplication app) => app.MapReverseProxy(proxy =>
    {
        var pipeline = app.Services.GetRequiredService<ForwardingPipeline>();
        proxy.Use((context, next) => pipeline.InvokeAsync(context, next));
        proxy.UseLoadBalancing();
        proxy.UsePassiveHealthChecks();
    });

    private static void AddValidated<TOptions, TValidator>(this IServiceCollection services, string section)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>
    {
        services.AddOptions<TOptions>().BindConfiguration(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TOptions>, TValidator>();
    }
}
