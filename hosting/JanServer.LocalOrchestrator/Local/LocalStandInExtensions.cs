using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

public static class LocalStandInExtensions
{
    /// <summary>
    /// Here, where no container runs, <paramref name="standIn"/> does the work of the container: its endpoints are the container's,
    /// and who waits for the container waits for it.
    /// </summary>
    public static IResourceBuilder<T> WithLocalStandIn<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResourceWithEndpoints> standIn)
        where T : ContainerResource =>
        builder.WithAnnotation(new StandInAnnotation(standIn.Resource), ResourceAnnotationMutationBehavior.Replace);
}
