using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults.Resilience;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.FileSearch;

internal static class FileSearchServices
{
    public static IServiceCollection AddFileSearch(this IServiceCollection services)
    {
        services.AddOptions<FileSearchOptions>().BindConfiguration("FileSearch").ValidateOnStart();
        services.AddSingleton<IValidateOptions<FileSearchOptions>, FileSearchOptionsValidator>();
        services.AddServiceStreamClient(Embedder.Client);
        return services
            .AddSingleton<EmbeddingModels>()
            .AddSingleton<Embedder>()
            .AddSingleton<DocumentStore>()
            .AddSingleton<PassageStore>()
            .AddSingleton<DocumentIndex>()
            .AddSingleton<DocumentSearch>()
            .AddSingleton<ITool, FileSearchIndexTool>()
            .AddSingleton<ITool, FileSearchQueryTool>()
            .AddSingleton<ITool, FileSearchListTool>()
            .AddSingleton<ITool, FileSearchDeleteTool>();
    }
}
