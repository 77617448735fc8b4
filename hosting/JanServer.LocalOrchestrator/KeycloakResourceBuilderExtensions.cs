using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static class KeycloakResourceBuilderExtensions
{
    private const string ImportDirectory = "/opt/keycloak/data/import";

    public static IResourceBuilder<KeycloakResource> AddKeycloak(
        this IDistributedApplicationBuilder builder,
        string name,
        int? port = null,
        IResourceBuilder<ParameterResource>? adminUsername = null,
        IResourceBuilder<ParameterResource>? adminPassword = null)
    {
        var secret = adminPassword?.Resource ?? ParameterResourceBuilderExtensions.CreatePassword(builder, $"{name}-password");
        var keycloak = new KeycloakResource(name, adminUsername?.Resource, secret);
        return builder.AddResource(keycloak)
            .WithImage("keycloak/keycloak", "26.4")
            .WithImageRegistry("quay.io")
            .WithHttpEndpoint(port: port, targetPort: 8080)
            .WithHttpEndpoint(targetPort: 9000, name: "management")
            .WithHttpHealthCheck(endpointName: "management", path: "/health/ready")
            .WithEnvironment(context =>
            {
                context.EnvironmentVariables["KC_BOOTSTRAP_ADMIN_USERNAME"] = keycloak.AdminReference;
                context.EnvironmentVariables["KC_BOOTSTRAP_ADMIN_PASSWORD"] = keycloak.AdminPasswordParameter;
                context.EnvironmentVariables["KC_HEALTH_ENABLED"] = "true";
            })
            .WithArgs(builder.ExecutionContext.IsRunMode ? "start-dev" : "start", "--import-realm");
    }

    public static IResourceBuilder<KeycloakResource> WithDataVolume(this IResourceBuilder<KeycloakResource> builder, string? name = null) =>
        builder.WithVolume(name ?? $"{builder.Resource.Name}-data", "/opt/keycloak/data");

    public static IResourceBuilder<KeycloakResource> WithRealmImport(this IResourceBuilder<KeycloakResource> builder, string import)
    {
        var path = Path.GetFullPath(import, builder.ApplicationBuilder.AppHostDirectory);
        if (Directory.Exists(path))
        {
            return builder.WithBindMount(path, ImportDirectory);
        }

        return File.Exists(path)
            ? builder.WithBindMount(path, $"{ImportDirectory}/{Path.GetFileName(path)}")
            : throw new InvalidOperationException($"The realm import '{path}' does not exist.");
    }
}
