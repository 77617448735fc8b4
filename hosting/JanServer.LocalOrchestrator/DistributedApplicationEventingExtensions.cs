using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;

namespace Aspire.Hosting;

public static class DistributedApplicationEventingExtensions
{
    public static IResourceBuilder<T> OnResourceReady<T>(
        this IResourceBuilder<T> builder, Func<T, ResourceReadyEvent, CancellationToken, Task> callback) where T : IResource =>
        builder.WithAnnotation(new ReadyAnnotation((ready, ct) => callback(builder.Resource, ready, ct)));
}
