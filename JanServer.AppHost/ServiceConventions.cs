namespace JanServer.AppHost;

/// <summary>What all services have in common.</summary>
internal static class ServiceConventions
{
    /// <summary>How a service knows its callers: users' tokens of realm jan, and caller tokens of other services.</summary>
    public static IResourceBuilder<ProjectResource> WithCallers(
        this IResourceBuilder<ProjectResource> service,
        IResourceBuilder<KeycloakResource> keycloak,
        IResourceBuilder<ParameterResource> callerTokenKey) =>
        service
            .WithEnvironment("Auth__Issuer", $"{keycloak.GetEndpoint("http")}/realms/jan")
            .WithEnvironment("Auth__Audiences__0", "account")
            .WithEnvironment("CallerToken__Key", callerTokenKey);

    /// <summary>Where it is deployed a service reports to the collector; in a run the dashboard collects.</summary>
    public static IResourceBuilder<ProjectResource> WithTelemetry(
        this IResourceBuilder<ProjectResource> service, IResourceBuilder<ContainerResource> collector) =>
        service.ApplicationBuilder.ExecutionContext.IsRunMode
            ? service
            : service
                .WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", collector.GetEndpoint("otlp-http"))
                .WithEnvironment("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
                .WithEnvironment("OTEL_SERVICE_NAME", service.Resource.Name);

    /// <summary>Where clients reach the gateway: what a run listens on, and what whoever deploys it says.</summary>
    public static IResourceBuilder<ProjectResource> WithPublicUrl(
        this IResourceBuilder<ProjectResource> service, string setting, IResourceBuilder<ProjectResource> gateway) =>
        service.ApplicationBuilder.ExecutionContext.IsRunMode
            ? service.WithEnvironment(setting, gateway.GetEndpoint("http"))
            : service.WithEnvironment(setting, service.ApplicationBuilder.PublicUrl());

    private static IResourceBuilder<ParameterResource> PublicUrl(this IDistributedApplicationBuilder builder) =>
        builder.Resources.OfType<ParameterResource>().FirstOrDefault(parameter => parameter.Name == "public-url") is { } known
            ? builder.CreateResourceBuilder(known)
            : builder.AddParameter("public-url")
                .WithDescription("Where clients reach the gateway. Links to stored files and to sign in begin with it.");

    /// <summary>Where stored files are: beside what else a run keeps, or a volume that whoever deploys it mounts for all replicas.</summary>
    public static string MediaFolder(this IDistributedApplicationBuilder builder) =>
        builder.ExecutionContext.IsRunMode
            ? Path.GetFullPath(
                Path.Combine(builder.Configuration["LocalOrchestrator:StateFolder"] ?? Path.Combine("..", ".jan"), "media"), builder.AppHostDirectory)
            : "/data/media";
}
