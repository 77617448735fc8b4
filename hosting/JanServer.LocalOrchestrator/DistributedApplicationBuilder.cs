using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        var args = options.Args ?? [];
        var assembly =
            options.AssemblyName is { } name ? Assembly.Load(name) : EntryPointHook.Current?.Assembly ?? Assembly.GetEntryAssembly();
        AppHostDirectory = options.ProjectDirectory ?? ProjectDirectory(assembly) ?? Directory.GetCurrentDirectory();
        Options = options;

        var configuration = new ConfigurationManager();
        configuration.AddEnvironmentVariables();
        configuration.AddCommandLine(args);
        var publish = configuration["publisher"] is not null;
        ExecutionContext = new(publish ? DistributedApplicationOperation.Publish : DistributedApplicationOperation.Run);
        _host = new(new HostApplicationBuilderSettings
        {
            DisableDefaults = true,
            ContentRootPath = AppHostDirectory,
            EnvironmentName =
                configuration["DOTNET_ENVIRONMENT"] ?? configuration["ASPNETCORE_ENVIRONMENT"] ?? (publish ? "Production" : "Development"),
        });
        _host.Configuration
            .AddJsonFile(Path.Combine(AppHostDirectory, "appsettings.json"), optional: true, reloadOnChange: false)
            .AddEnvironmentVariables()
            .AddCommandLine(args);
        EntryPointHook.Current?.Configure(_host.Configuration);

        var orchestrator = OrchestratorOptions.From(_host.Configuration);
        State = new(Path.GetFullPath(orchestrator.StateFolder ?? StateFolder.DefaultFor(AppHostDirectory), AppHostDirectory));
        OrchestratorOptions = orchestrator;
        Resources = new ResourceCollection(new(_host.Configuration, new(State.Secrets)));
    }

    public ConfigurationManager Configuration => _host.Configuration;

    public string AppHostDirectory { get; }

    public IHostEnvironment Environment => _host.Environment;

    public IServiceCollection Services => _host.Services;

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    public IResourceCollection Resources { get; }

    internal DistributedApplicationOptions Options { get; }

    internal OrchestratorOptions OrchestratorOptions { get; }

    internal StateFolder State { get; }

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        ResourceName.Check(resource.Name);
        if (Resources.Any(r => string.Equals(r.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new DistributedApplicationException($"Cannot add resource '{resource.Name}': a resource with that name already exists.");
        }

        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        var hook = EntryPointHook.Current;
        hook?.Building(this);
        var application = new DistributedApplication(this, _host.Build(), hook);
        hook?.Built(application);
        return application;
    }

    private static string? ProjectDirectory(Assembly? assembly) =>
        assembly?.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(a => string.Equals(a.Key, "apphostprojectpath", StringComparison.OrdinalIgnoreCase))?.Value;
}
