namespace JanServer.LlmApi.Catalogue;

internal static class CatalogueServices
{
    public static IServiceCollection AddCatalogue(this IServiceCollection services)
    {
        services.AddSingleton<CatalogueReload>().AddHostedService(provider => provider.GetRequiredService<CatalogueReload>());
        services.AddScoped<CatalogueStore>().AddScoped<CatalogRows>().AddScoped<CatalogAdministration>().AddScoped<ProviderModelAdministration>();
        return services;
    }

    public static void MapCatalogue(this IEndpointRouteBuilder v1)
    {
        v1.MapCatalogs();
        v1.MapProviderModels();
    }
}
