using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static class ProjectResourceBuilderExtensions
{
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new() => builder.AddProject<TProject>(name, launchProfileName: null);

    /// <summary>
    /// Endpoints come from <c>WithHttpEndpoint</c> only; launch profiles are for starting one service alone, so the only
    /// <paramref name="launchProfileName"/> that is supported is null, which in the official API means the same.
    /// </summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, string? launchProfileName) where TProject : IProjectMetadata, new()
    {
        if (launchProfileName is not null)
        {
            throw new NotSupportedException("The local orchestrator reads no launch profiles; pass launchProfileName: null.");
        }

        var project = builder.AddResource(new ProjectResource(name)).WithAnnotation(new TProject());
        return builder.ExecutionContext.IsRunMode
            ? project
            : project.WithEnvironment(context =>
            {
                var variables = context.EnvironmentVariables;
                variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
                var http = project.Resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.UriScheme == "http").ToArray();
                if (http.Length > 0)
                {
                    variables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
                    variables["HTTP_PORTS"] = ReferenceExpression.Create(
                        $"{new EndpointReference(project.Resource, http[0].Name).Property(EndpointProperty.TargetPort)}");
                }
            });
    }
}
