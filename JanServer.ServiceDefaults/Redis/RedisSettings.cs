using System.Globalization;

namespace JanServer.ServiceDefaults.Redis;

/// <summary>
/// A connection string in the form that StackExchange.Redis and Aspire use: <c>host:port,password=…,ssl=true</c>. Options that do not
/// concern this client are ignored.
/// </summary>
internal sealed record RedisSettings(string Host, int Port)
{
    private const int DefaultPort = 6379;

    public string? User { get; init; }

    public string? Password { get; init; }

    public int Database { get; init; }

    public bool Tls { get; init; }

    public string? TlsHost { get; init; }

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a command may take before its connection counts as dead.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <exception cref="FormatException">The text is not a connection string.</exception>
    public static RedisSettings Parse(string connectionString)
    {
        var parts = connectionString.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var endpoint = parts.FirstOrDefault(part => !part.Contains('=', StringComparison.Ordinal))
            ?? throw new FormatException("The Redis connection string names no host.");
        var settings = Endpoint(endpoint);
        foreach (var part in parts.Where(part => part.Contains('=', StringComparison.Ordinal)))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var value = part[(equals + 1)..];
            settings = part[..equals].ToLowerInvariant() switch
            {
                "user" => settings with { User = value },
                "password" => settings with { Password = value.Length > 0 ? value : null },
                "defaultdatabase" => settings with { Database = int.Parse(value, CultureInfo.InvariantCulture) },
                "ssl" => settings with { Tls = bool.Parse(value) },
                "sslhost" => settings with { TlsHost = value },
                "connecttimeout" => settings with { ConnectTimeout = Milliseconds(value) },
                "asynctimeout" or "synctimeout" => settings with { CommandTimeout = Milliseconds(value) },
                _ => settings,
            };
        }

        return settings;
    }

    private static RedisSettings Endpoint(string text)
    {
        // The last colon, unless it is inside an IPv6 address without a port.
        var colon = text.LastIndexOf(':');
        return colon > 0 && !text.EndsWith(']') && int.TryParse(text.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var port)
            ? new(text[..colon].Trim('[', ']'), port)
            : new(text.Trim('[', ']'), DefaultPort);
    }

    private static TimeSpan Milliseconds(string text) => TimeSpan.FromMilliseconds(int.Parse(text, CultureInfo.InvariantCulture));
}
