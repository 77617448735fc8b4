namespace Aspire.Hosting.Local;

/// <summary>Everything that a run leaves behind: data, generated secrets, logs, and the lock that keeps a second run out.</summary>
internal sealed class StateFolder(string path)
{
    public string Path { get; } = path;

    public string Secrets => System.IO.Path.Combine(Path, "secrets.json");

    public string Logs => System.IO.Path.Combine(Path, "logs");

    public string DataOf(string resource) => System.IO.Path.Combine(Path, resource);

    /// <summary>Next to the solution file, wherever the AppHost stands below it.</summary>
    public static string DefaultFor(string appHostDirectory)
    {
        for (var folder = new DirectoryInfo(appHostDirectory); folder is not null; folder = folder.Parent)
        {
            if (folder.EnumerateFiles("*.sln").Any() || folder.EnumerateFiles("*.slnx").Any())
            {
                return System.IO.Path.Combine(folder.FullName, ".jan");
            }
        }

        return System.IO.Path.Combine(appHostDirectory, ".jan");
    }
}
