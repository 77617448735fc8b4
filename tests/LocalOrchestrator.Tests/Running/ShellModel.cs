using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using JanServer.LocalOrchestrator.Tests.Processes;

namespace JanServer.LocalOrchestrator.Tests.Running;

internal static class ShellModel
{
    public static IResourceBuilder<ExecutableResource> AddShell(this IDistributedApplicationBuilder builder, string name, string script) =>
        builder.AddExecutable(name, "/bin/sh", Path.GetTempPath(), "-c", script);

    /// <summary>A real web service that is healthy while <paramref name="file"/> exists.</summary>
    public static IResourceBuilder<ExecutableResource> AddService(this IDistributedApplicationBuilder builder, string name, string file) =>
        builder.AddExecutable(name, TestProcess.Dotnet, Path.GetTempPath(), "exec", TestProcess.Assembly, "service", file)
            .WithHttpEndpoint(env: "PORT")
            .WithHttpHealthCheck("/healthz");
}
