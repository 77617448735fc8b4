using System.Text.RegularExpressions;

namespace JanServer.Repository.Tests;

public sealed partial class DocumentRules
{
    public static TheoryData<string> Guides => ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"];

    public static TheoryData<string> Documents => [.. RepositoryFiles.Matching(".md")];

    [Theory]
    [MemberData(nameof(Guides))]
    public void A_path_that_a_guide_names_exists(string guide)
    {
        var named = PathInCode().Matches(RepositoryFiles.Read(guide)).Select(match => match.Groups[1].Value.TrimEnd('/')).Distinct();
        Assert.All(named, path => Assert.True(RepositoryFiles.Exists(path), $"{guide} names {path}, which is not there."));
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_link_leads_somewhere(string document)
    {
        var folder = Path.GetDirectoryName(document)!;
        var targets = RelativeLink().Matches(RepositoryFiles.Read(document))
            .Select(match => match.Groups[1].Value.Split('#')[0])
            .Where(target => target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal));
        Assert.All(targets, target => Assert.True(RepositoryFiles.Exists(Path.Combine(folder, target)), $"{document} links to {target}."));
    }

    [Fact]
    public void Decisions_are_numbered_without_gaps()
    {
        var numbers = RepositoryFiles.All
            .Where(file => file.StartsWith("docs/decisions/", StringComparison.Ordinal))
            .Select(file => Path.GetFileName(file)[..4])
            .Order()
            .ToList();
        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(number => $"{number:0000}"), numbers);
    }

    [Fact]
    public void The_architecture_fits_in_one_reading() =>
        Assert.InRange(RepositoryFiles.ReadLines("ARCHITECTURE.md").Length, 50, 300);

    // `folder/…` in backticks with at least one slash and no placeholder, wildcard, route or command in it.
    [GeneratedRegex(@"`((?:services|hosting|tests|compat|benchmarks|docs|deploy|apps|build|JanServer\.[A-Za-z]+)/[A-Za-z0-9_./-]*)`")]
    private static partial Regex PathInCode();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex RelativeLink();
}
