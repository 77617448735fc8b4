using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

internal sealed record EnvironmentAnnotation(Func<EnvironmentCallbackContext, Task> Apply) : IResourceAnnotation;

/// <summary>Arguments in order; text or value providers.</summary>
internal sealed record ArgumentsAnnotation(IReadOnlyList<object> Values) : IResourceAnnotation;

internal sealed record RuntimeArgumentsAnnotation(IReadOnlyList<string> Values) : IResourceAnnotation;

internal enum WaitKind
{
    Healthy,
    Started,
    Completed,
}

internal sealed record WaitAnnotation(IResource Resource, WaitKind Kind, int ExitCode = 0) : IResourceAnnotation;

internal sealed record HttpHealthAnnotation(string Path, int StatusCode, string? EndpointName) : IResourceAnnotation;

internal sealed record ReadyAnnotation(Func<ResourceReadyEvent, CancellationToken, Task> Callback) : IResourceAnnotation;

internal sealed record ManifestExclusion : IResourceAnnotation;

internal sealed record ImageAnnotation : IResourceAnnotation
{
    public required string Image { get; set; }

    public string? Tag { get; set; }

    public string? Registry { get; set; }

    public string FullName => $"{(Registry is null ? "" : Registry + "/")}{Image}:{Tag ?? "latest"}";
}

internal sealed record DockerfileAnnotation(string ContextPath, string DockerfilePath, string? Stage) : IResourceAnnotation;

/// <summary>A named volume when <paramref name="IsVolume"/>, else a folder or file of the host.</summary>
internal sealed record MountAnnotation(string? Source, string Target, bool IsVolume, bool IsReadOnly) : IResourceAnnotation;

/// <summary>On the resource that is replaced: which other resource does its work in local mode.</summary>
internal sealed record StandInAnnotation(IResourceWithEndpoints StandIn) : IResourceAnnotation;
