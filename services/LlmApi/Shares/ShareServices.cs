using JanServer.Data.Writing;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Shares;

internal static class ShareServices
{
    public static IServiceCollection AddShares(this IServiceCollection services)
    {
        services.AddOptions<SharesOptions>().BindConfiguration("Shares").ValidateOnStart();
        services.AddSingleton<IValidateOptions<SharesOptions>, SharesOptionsValidator>();
        services.AddSingleton<ShareLinks>().AddSingleton<ShareViews>();
        services.AddBatchWriter<ShareView>("share views", ShareViews.WriteAsync, ShareViews.Grouping);
        return services.AddScoped<ShareStore>().AddScoped<ShareCreation>();
    }
}
