using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Secrets;

internal static class SecretServices
{
    public static IServiceCollection AddSecrets(this IServiceCollection services)
    {
        services.AddOptions<EncryptionOptions>().BindConfiguration("Webhooks:Encryption").ValidateOnStart();
        services.AddSingleton<IValidateOptions<EncryptionOptions>, EncryptionOptionsValidator>();
        services.AddSingleton<IValidateOptions<EncryptionOptions>, EncryptionKeyValidator>();
        services.AddSingleton<SecretBox>();
        return services;
    }
}
