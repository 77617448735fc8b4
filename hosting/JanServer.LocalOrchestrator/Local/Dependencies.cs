using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

/// <summary>What a resource waits for before it starts, and in which order everything is stopped.</summary>
internal static class Dependencies
{
    /// <summary>The resource that does the work here: itself, or its stand-in.</summary>
    public static IResource Effective(IResource resource) =>
        resource.Annotations.OfType<StandInAnnotation>().LastOrDefault()?.StandIn ?? resource;

    /// <summary>Everything that has to be up before <paramref name="resource"/>; a child needs its parent.</summary>
    public static IEnumerable<WaitAnnotation> Of(IResource resource)
    {
        var waits = resource.Annotations.OfType<WaitAnnotation>().Select(w => w with { Resource = Effective(w.Resource) });
        return resource is IResourceWithParent child ? waits.Append(new(Effective(child.Parent), WaitKind.Healthy)) : waits;
    }

    /// <exception cref="DistributedApplicationException">A dependency failed, ended or took too long.</exception>
    public static async Task WaitAsync(IResource resource, ResourceMonitor monitor, CancellationToken ct)
    {
        var open = Of(resource).ToList();
        foreach (var wait in open.ToArray())
        {
            monitor.Update(resource.Name, s => s with
            {
                State = KnownResourceStates.Waiting,
                Reason = "waiting for " + string.Join(", ", open.Select(w => w.Resource.Name)),
            });
            var status = await monitor.WaitAsync(wait.Resource.Name, s => IsFulfilled(wait, s) || IsHopeless(wait, s), ct);
            if (!IsFulfilled(wait, status))
            {
                throw new DistributedApplicationException(Explain(wait, status));
            }

            open.Remove(wait);
        }
    }

    /// <exception cref="DistributedApplicationException">Resources wait for each other in a circle.</exception>
    public static void CheckForCircles(IEnumerable<IResource> resources)
    {
        var done = new HashSet<IResource>();
        foreach (var resource in resources)
        {
            Visit(resource, []);
        }

        void Visit(IResource resource, List<IResource> path)
        {
            if (path.Contains(resource))
            {
                throw new DistributedApplicationException(
                    "Resources wait for each other: " + string.Join(" -> ", path.Append(resource).Select(r => r.Name)));
            }

            if (done.Add(resource))
            {
                path.Add(resource);
                foreach (var wait in Of(resource))
                {
                    Visit(wait.Resource, path);
                }

                path.RemoveAt(path.Count - 1);
                return;
            }
        }
    }

    // A resource that never runs here blocks nobody: whoever uses it gets no address for it either.
    private static bool IsFulfilled(WaitAnnotation wait, ResourceStatus status) => status.IsSkipped || wait.Kind switch
    {
        WaitKind.Healthy => status.IsReady,
        WaitKind.Started => status.State == KnownResourceStates.Running || status.StartedAt is not null,
        _ => status.State == KnownResourceStates.Finished && status.ExitCode == wait.ExitCode,
    };

    private static bool IsHopeless(WaitAnnotation wait, ResourceStatus status) =>
        status.IsLate
        || status.State == KnownResourceStates.FailedToStart
        || status.State == KnownResourceStates.Exited
        || (wait.Kind != WaitKind.Completed && status.State == KnownResourceStates.Finished)
        || (wait.Kind == WaitKind.Completed && status.State == KnownResourceStates.Finished && status.ExitCode != wait.ExitCode);

    private static string Explain(WaitAnnotation wait, ResourceStatus status)
    {
        var code = status.ExitCode is { } exit ? $" with exit code {exit}" : "";
        return wait.Kind == WaitKind.Completed && !status.IsLate && status.ExitCode is not null
            ? $"{status.Name} ended{code}, not {wait.ExitCode}"
            : $"{status.Name} is {status.State}{code}" + (status.Reason is null ? "" : $": {status.Reason}");
    }
}
