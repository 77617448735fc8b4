using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace JanServer.Repository.Tests;

public sealed partial class SourceRules
{
    private const int MaxLines = 400;

    private static readonly Dictionary<string, string> RootNamespaces = RepositoryFiles.Matching(".csproj").ToDictionary(
        project => Path.GetDirectoryName(project)!.Replace('\\', '/'),
        project => XDocument.Parse(RepositoryFiles.Read(project)).Descendants("RootNamespace").FirstOrDefault()?.Value
            ?? Path.GetFileNameWithoutExtension(project));

    public static TheoryData<string> Sources => [.. RepositoryFiles.Matching(".cs")];

    [Theory]
    [MemberData(nameof(Sources))]
    public void A_file_is_short(string file) => Assert.InRange(RepositoryFiles.ReadLines(file).Length, 1, MaxLines);

    [Theory]
    [MemberData(nameof(Sources))]
    public void A_file_lives_where_its_namespace_says(string file)
    {
        var declared = NamespaceDeclaration().Match(RepositoryFiles.Read(file));
        if (!declared.Success)
        {
            // Top-level statements and assembly-level attributes have no namespace.
            return;
        }

        var (project, root) = RootNamespaces
            .Where(entry => file.StartsWith(entry.Key + "/", StringComparison.Ordinal))
            .MaxBy(entry => entry.Key.Length);
        Assert.NotNull(project);
        var folder = Path.GetDirectoryName(file[(project.Length + 1)..])!.Replace('\\', '/').Replace('/', '.');
        Assert.Equal(folder.Length == 0 ? root : $"{root}.{folder}", declared.Groups[1].Value);
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void Names_say_what_a_type_is(string file) =>
        Assert.DoesNotMatch(VagueTypeName(), RepositoryFiles.Read(file));

    [Theory]
    [MemberData(nameof(Sources))]
    public void Nothing_is_left_unfinished(string file)
    {
        // This file spells the words it looks for.
        if (!file.EndsWith("SourceRules.cs", StringComparison.Ordinal))
        {
            Assert.DoesNotMatch(Unfinished(), RepositoryFiles.Read(file));
        }
    }

    [Fact]
    public void Services_do_not_call_what_blocks_or_cannot_be_tested()
    {
        var offences =
            from file in RepositoryFiles.Matching(".cs")
            where file.StartsWith("services/", StringComparison.Ordinal) || file.StartsWith("JanServer.ServiceDefaults/", StringComparison.Ordinal)
            from line in RepositoryFiles.ReadLines(file).Index()
            let code = line.Item.TrimStart()
            where !code.StartsWith("//", StringComparison.Ordinal) && Banned().IsMatch(code)
            select $"{file}:{line.Index + 1}: {code}";

        Assert.Empty(offences);
    }

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceDeclaration();

    [GeneratedRegex(@"\b(class|record|struct|interface|enum)\s+\w*(Helper|Helpers|Utils|Utility|Utilities|Manager)\b")]
    private static partial Regex VagueTypeName();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException|#region|catch(\s*\([^)]*\))?\s*\{\s*\}")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"\bGuid\.NewGuid\(|\bDateTime(Offset)?\.(Utc)?Now\b|\bTask\.Run\(|\.GetAwaiter\(\)\.GetResult\(\)|\bThread\.Sleep\(|\bEnvironment\.GetEnvironmentVariable\(|\bnew HttpClient\(|\bConsole\.Write")]
    private static partial Regex Banned();
}
