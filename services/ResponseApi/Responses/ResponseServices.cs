namespace JanServer.ResponseApi.Responses;

internal static class ResponseServices
{
    public static IServiceCollection AddResponses(this IServiceCollection services)
    {
        services.AddSingleton<ResponseQueries>();
        services.AddSingleton<ResponseStore>();
        services.AddSingleton<ResponseViews>();
        services.AddSingleton<ResponseCreation>();
        services.AddSingleton<ForegroundRuns>();
        services.AddSingleton<InputItems>();
        return services;
    }
}
