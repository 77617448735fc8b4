using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace JanServer.Data.Schema;

/// <summary>The migrations that an assembly embeds, 1 to n without a gap.</summary>
public sealed partial class MigrationSet
{
    private MigrationSet(IReadOnlyList<Migration> migrations) => Migrations = migrations;

    internal IReadOnlyList<Migration> Migrations { get; }

    /// <summary>Reads the embedded <c>Migrations/NNNN_name.sql</c> of <paramref name="assembly"/>.</summary>
    /// <exception cref="MigrationException">A file is named otherwise, a number is missing or there twice.</exception>
    public static MigrationSet Of(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return Of(
            assembly.GetManifestResourceNames()
                .Select(name => (name, file: SqlResource().Match(name)))
                .Where(resource => resource.file.Success)
                .Select(resource => (resource.file.Groups[1].Value, Read(assembly, resource.name))));
    }

    internal static MigrationSet Of(IEnumerable<(string File, string Sql)> files)
    {
        var migrations = files.Select(file => Parse(file.File, file.Sql)).OrderBy(migration => migration.Number).ToList();
        for (var i = 0; i < migrations.Count; i++)
        {
            if (migrations[i].Number != i + 1)
            {
                throw new MigrationException(
                    i > 0 && migrations[i].Number == migrations[i - 1].Number
                        ? $"Two migrations have the number {migrations[i].Number:0000}: {migrations[i - 1].Name} and {migrations[i].Name}."
                        : $"Migration {i + 1:0000} is missing: the files must be numbered from 0001 without a gap.");
            }
        }

        return new MigrationSet(migrations);
    }

    private static Migration Parse(string file, string sql)
    {
        if (FileName().Match(file) is not { Success: true } match)
        {
            throw new MigrationException($"Migrations/{file} is not named NNNN_name.sql (four digits, lower case, underscores).");
        }

        // A checkout with other line ends is the same migration.
        var text = sql.ReplaceLineEndings("\n");
        return new Migration(
            int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture),
            match.Groups[2].Value,
            text,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
            InTransaction: !text.StartsWith("-- no-transaction\n", StringComparison.Ordinal));
    }

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"\.Migrations\.([^.]+\.sql)$")]
    private static partial Regex SqlResource();

    [GeneratedRegex(@"^(\d{4})_([a-z0-9_]+)\.sql$")]
    private static partial Regex FileName();
}
