namespace Aspire.Hosting.Publishing;

internal static class ManifestPublisher
{
    public static Task<int> RunAsync(DistributedApplicationBuilder builder, CancellationToken ct) => throw new NotSupportedException(builder.AppHostDirectory + ct);
}
