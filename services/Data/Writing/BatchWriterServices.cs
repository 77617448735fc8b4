using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JanServer.Data.Writing;

/// <summary>Registers batch writers.</summary>
public static class BatchWriterServices
{
    /// <summary>Registers a <see cref="BatchWriter{T}"/> that the host starts, and drains when it stops.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">What is written, as metrics and logs name it, such as <c>usage</c>.</param>
    /// <param name="write">
    /// Writes all rows on the connection, inside the open transaction, by one batch, <c>unnest</c> or COPY. The same rows can come
    /// again when the connection broke during a commit: end inserts with <c>ON CONFLICT DO NOTHING</c>.
    /// </param>
    /// <param name="options">How rows are grouped.</param>
    public static IServiceCollection AddBatchWriter<T>(
        this IServiceCollection services,
        string name,
        Func<NpgsqlConnection, IReadOnlyList<T>, CancellationToken, Task> write,
        BatchWriterOptions? options = null)
    {
        services.AddSingleton(provider => new BatchWriter<T>(
            name,
            provider.GetRequiredService<NpgsqlDataSource>(),
            write,
            options ?? new BatchWriterOptions(),
            provider.GetRequiredService<IMeterFactory>(),
            provider.GetRequiredService<ILogger<BatchWriter<T>>>()));
        return services.AddHostedService(provider => provider.GetRequiredService<BatchWriter<T>>());
    }
}
