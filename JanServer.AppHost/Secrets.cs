namespace JanServer.AppHost;

internal static class Secrets
{
    /// <summary>
    /// A generated secret. Letters and digits only: it is valid in connection strings, and a multiple of four characters is
    /// valid Base64 for those that are read as keys (64 characters are 48 bytes).
    /// </summary>
    public static IResourceBuilder<ParameterResource> AddSecret(this IDistributedApplicationBuilder builder, string name, int length) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = length, Special = false }, secret: true, persist: true);
}
