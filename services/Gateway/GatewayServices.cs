using JanServer.Contracts.Accounts;
using JanServer.Gateway.Authentication;
using JanServer.Gateway.Forwarding;
using JanServer.Gateway.Routing;
using JanServer.Gateway.Edge;
using JanServer.Gateway.OpenApi;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Auth.Jwt;
using JanServer.ServiceDefaults.Auth.Principals;
using JanServer.ServiceDefaults.Health;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
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
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<GatewayOptions>>((kestrel, gateway) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = gateway.Value.MaxBodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = gateway.Value.MaxHeaderBytes;
        });
        services.AddCrossOrigin().AddDocumentation();

        services.AddCallerTokens().AddApiKeyAuthentication().AddUserTokenAuthentication();
        services.AddTransient<GatewayToken>();
        services.AddHttpClient<AccountsClient>(client =>
            {
                client.BaseAddress = new ServiceAddresses(builder.Configuration).Of(RouteTable.Accounts)[0];
                client.Timeout = TimeSpan.FromSeconds(5);
            })
            .AddHttpMessageHandler<GatewayToken>();
        services.AddSingleton<CallerTokenCache>().AddSingleton<EdgeAuthentication>();

        services.AddSingleton<ServiceAddresses>();
        foreach (var service in RouteTable.CoreServices)
        {
            services.AddHealthChecks().Add(new HealthCheckRegistration(
                service,
                provider => new Reachability(provider.GetRequiredService<ServiceAddresses>(), service),
                HealthStatus.Unhealthy,
                [HealthDefaults.ReadyTag]));
        }

        services.AddSingleton<IForwarderHttpClientFactory, GatewayHttpClientFactory>();
        services.AddSingleton<ForwardingPipeline>();
        var forwarding = builder.Configuration.GetSection("Gateway:Forwarding").Get<ForwardingOptions>() ?? new();
        var clusters = ProxyConfiguration.Clusters(new ServiceAddresses(builder.Configuration), forwarding);
        services.AddReverseProxy()
            .LoadFromMemory(ProxyConfiguration.Routes(clusters), clusters)
            .AddTransforms(transforms => transforms.UseDefaultForwarders = false);
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
