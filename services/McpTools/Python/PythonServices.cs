using JanServer.Contracts.Media;
using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults.Resilience;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Python;

internal static class PythonServices
{
    public static IServiceCollection AddPython(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<PythonOptions>, PythonOptionsValidator>();
        services.AddOptions<PythonOptions>().Configure<IConfiguration>(PythonSettings.Apply).BindConfiguration("McpTools:Python").ValidateOnStart();
        services.AddServiceStreamClient(SandboxClient.Resource);
        services.AddModelHttpClient(SandboxClient.Plain);
        services.AddServiceClient<MediaClient>("media-api");
        services.AddSingleton<SandboxClient>().AddSingleton<PythonResults>().AddSingleton<PythonArguments>().AddSingleton<Artifacts>();
        services.AddSingleton<ITool, PythonTool>();
        return services;
    }
}
