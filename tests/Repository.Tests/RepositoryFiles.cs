using System.Runtime.CompilerServices;

namespace JanServer.Repository.Tests;

/// <summary>The files of the repository, as paths relative to its root with forward slashes; build output and packages left out.</summary>
internal static class RepositoryFiles
{
    private static readonly string[] Ignored = [".git", "bin", "obj", "node_modules", ".jan", ".vs", ".idea", "TestResults", "artifacts"];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<string> All { get; } = [.. Walk(Root).Select(Relative).Order(StringComparer.Ordinal)];

    public static IEnumerable<string> Matching(string ending) => All.Where(file => file.EndsWith(ending, StringComparison.Ordinal));

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static string[] ReadLines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    public static bool Exists(string path) => Path.Exists(Path.Combine(Root, path));

    private static string Relative(string path) => Path.GetRelativePath(Root, path).Replace(Path.DirectorySeparatorChar, '/');

    private static IEnumerable<string> Walk(string folder) =>
        Directory.EnumerateFiles(folder).Concat(
            Directory.EnumerateDirectories(folder)
                .Where(child => !Ignored.Contains(Path.GetFileName(child), StringComparer.Ordinal))
                .SelectMany(Walk));

    private static string FindRoot([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here);
        while (folder is not null && !File.Exists(Path.Combine(folder, "JanServer.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("JanServer.sln was not found above this file.");
    }
}
