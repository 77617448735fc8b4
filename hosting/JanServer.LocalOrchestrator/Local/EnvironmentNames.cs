namespace Aspire.Hosting.Local;

internal static class EnvironmentNames
{
    /// <summary>Upper case, and an underscore for everything that a shell variable cannot hold.</summary>
    public static string Encode(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));
}
