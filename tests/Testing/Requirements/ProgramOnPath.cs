namespace JanServer.Testing.Requirements;

/// <summary>Looks for programs that a test needs.</summary>
public static class ProgramOnPath
{
    /// <summary>The program's full path, or null when PATH does not have it.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
}
