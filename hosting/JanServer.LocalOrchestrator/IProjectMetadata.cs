using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public interface IProjectMetadata : IResourceAnnotation
{
    string ProjectPath { get; }

    bool SuppressBuild => false;
}

/// <summary>Other services find it by its name.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;
