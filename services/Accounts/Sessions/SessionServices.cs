using Microsoft.Extensions.Options;

namespace JanServer.Accounts.Sessions;

internal static class SessionServices
{
    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddOptions<GuestOptions>().BindConfiguration("Guests").ValidateOnStart();
        services.AddSingleton<IValidateOptions<GuestOptions>, GuestOptionsValidator>();
        return services.AddScoped<GuestThrottle>().AddScoped<GuestLogin>();
    }
}
