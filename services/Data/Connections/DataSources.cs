using Microsoft.Extensions.Logging;
using Npgsql;

namespace JanServer.Data.Connections;

/// <summary>Makes the one connection pool of a service.</summary>
public static class DataSources
{
    // Later keys win, so a connection string overrides each of these.
    private const string Defaults =
        "Timeout=5;Command Timeout=30;Maximum Pool Size=30;Max Auto Prepare=100;Auto Prepare Min Usages=2;Keepalive=30;"
        + "Include Error Detail=false;";

    /// <summary>
    /// Opens a pool with the house defaults below those of <paramref name="connectionString"/>. Several hosts are allowed
    /// (<c>Host=a,b</c>); connections go to the primary unless the string asks otherwise.
    /// </summary>
    /// <param name="connectionString">An Npgsql connection string.</param>
    /// <param name="applicationName">What the server shows in pg_stat_activity, when the string names none.</param>
    /// <param name="loggers">Where Npgsql logs; null for nowhere.</param>
    public static NpgsqlDataSource Create(string connectionString, string applicationName, ILoggerFactory? loggers = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(Defaults + connectionString);
        settings.ApplicationName ??= applicationName;
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UseLoggerFactory(loggers);
        if (settings.Host?.Contains(',', StringComparison.Ordinal) != true)
        {
            return builder.Build();
        }

        var hosts = builder.BuildMultiHost();
        return settings.TargetSessionAttributes is null ? hosts.WithTargetSession(TargetSessionAttributes.Primary) : hosts;
    }
}
