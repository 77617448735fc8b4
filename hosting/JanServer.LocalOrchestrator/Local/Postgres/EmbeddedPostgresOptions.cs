namespace Aspire.Hosting.Local.Postgres;

/// <summary>What <see cref="EmbeddedPostgres.StartAsync"/> starts.</summary>
internal sealed record EmbeddedPostgresOptions
{
    /// <summary>Where the cluster lives; made when missing and kept between runs. Absolute.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The superuser's password. Data that was made with another password takes this one.</summary>
    public required string Password { get; init; }

    /// <summary>The TCP port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    public string SuperUser { get; init; } = "jan";

    /// <summary>False gives up durability against a power cut for speed: for tests only.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>The data is a throw-away: removed when the server stops, and also when this process is killed.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>The server's log is appended here; null keeps only the last lines for error messages.</summary>
    public string? LogPath { get; init; }

    /// <summary>Receives every line of the server's log as it is written.</summary>
    public Action<string>? OnLogLine { get; init; }

    /// <summary>Where fetched binaries are kept when the machine has none; by default beside the data directory.</summary>
    public string? ToolsDirectory { get; init; }

    /// <summary>Where the binaries come from.</summary>
    public PostgresSource Source { get; init; } = PostgresSource.System;

    /// <summary>How long the server may take until it accepts connections, crash recovery included.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
