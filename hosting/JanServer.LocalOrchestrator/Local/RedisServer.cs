using System.Globalization;
using System.Text;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

/// <summary>This machine's redis-server in place of the container: loopback only, nothing kept on disk.</summary>
internal static class RedisServer
{
    public static string? Program { get; } = ExecutableSearch.Find("redis-server");

    public static async Task<ProcessCommand> CommandAsync(RedisResource redis, StateFolder state, CancellationToken ct)
    {
        var folder = state.DataOf(redis.Name);
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "redis.conf");

        var password = await redis.PasswordParameter!.GetValueAsync(ct);

        // In a file, because everybody on the machine can read a command line.
        await using (var stream = PrivateFile.Create(file))
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $"""
                bind 127.0.0.1
                port {redis.PrimaryEndpoint.Port}
                requirepass {password}
                save ""
                appendonly no
                daemonize no

                """)), ct);
        }

        return new(Program!, [file], folder);
    }
}
