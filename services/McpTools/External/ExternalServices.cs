using JanServer.McpTools.External.Connections;
using JanServer.McpTools.External.Health;
using JanServer.McpTools.External.Listing;
using JanServer.McpTools.External.Secrets;
using JanServer.McpTools.External.Servers;
using JanServer.McpTools.External.SignIn;
using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults.Outbound;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.External;

internal static class ExternalServices
{
    public static IServiceCollection AddExternalServers(this IServiceCollection services)
    {
        services.AddOutboundClient();
        services.AddOptions<ExternalOptions>().BindConfiguration("ExternalServers").ValidateOnStart();
        services.AddSingleton<IValidateOptions<ExternalOptions>, ExternalOptionsValidator>();
        services.AddOptions<ExternalEncryptionOptions>().BindConfiguration("ExternalServers:Encryption").ValidateOnStart();
        services.AddSingleton<IValidateOptions<ExternalEncryptionOptions>, ExternalEncryptionOptionsValidator>();
        services.AddSingleton<SecretBox>().AddSingleton<SecretReader>().AddSingleton<ServerAddresses>().AddSingleton<ExternalMetrics>();
        services.AddScoped<SecretRotation>();
        services.AddScoped<ServerStore>().AddScoped<ToolListStore>().AddScoped<HealthStore>().AddScoped<ServerRegistration>();
        services.AddScoped<AuthorizationStore>().AddScoped<SignInStore>().AddScoped<OAuthClients>().AddScoped<SignIns>();
        services.AddSingleton<OAuthDiscovery>().AddSingleton<TokenEndpoint>().AddSingleton<UserTokens>();
        services.AddSingleton<ServerConnector>().AddSingleton<ServerConnections>().AddSingleton<CallTurns>();
        services.AddSingleton<ExternalCalls>().AddSingleton<ToolRefresh>().AddScoped<ServerTools>();
        services.AddSingleton<ExternalToolSource>().AddSingleton<IToolSource>(provider => provider.GetRequiredService<ExternalToolSource>());
        services.AddHostedService<ConfiguredServers>();
        services.AddSingleton<ListSignals>();
        return services.AddSingleton<RefreshSchedule>().AddHostedService(provider => provider.GetRequiredService<RefreshSchedule>());
    }

    public static void MapExternalServers(this IEndpointRouteBuilder v1)
    {
        v1.MapServers();
        v1.MapSignInPages();
    }
}
