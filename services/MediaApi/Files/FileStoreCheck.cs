using JanServer.MediaApi.Objects;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace JanServer.MediaApi.Files;

/// <summary>Whether the folder of the files is still there: a volume can go away.</summary>
internal sealed class FileStoreCheck(IOptions<MediaOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Directory.Exists(options.Value.Path)
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus, "The folder of the files is not there."));
}
