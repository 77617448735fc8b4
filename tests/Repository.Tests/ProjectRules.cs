using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace JanServer.Repository.Tests;

public sealed partial class ProjectRules
{
    private static readonly string[] SharedServiceProjects = ["JanServer.Contracts", "JanServer.Data"];

    public static TheoryData<string> Projects => [.. RepositoryFiles.Matching(".csproj")];

    public static TheoryData<string> Services =>
        [.. ServiceFolders().Where(folder => !SharedServiceProjects.Contains("JanServer." + Path.GetFileName(folder)))];

    [Fact]
    public void Contracts_stand_alone() => Assert.Empty(ReferencesOf("services/Contracts/JanServer.Contracts.csproj"));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_service_references_no_other_service(string project)
    {
        if (project.StartsWith("services/", StringComparison.Ordinal))
        {
            string[] allowed = [.. SharedServiceProjects, "JanServer.ServiceDefaults", "System.IO.Hashing"];
            Assert.Empty(ReferencesOf(project).Except(allowed));
        }
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_is_named_for_what_it_does(string project) =>
        Assert.DoesNotMatch(GrabBag(), Path.GetFileNameWithoutExtension(project));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_is_in_the_solution(string project) =>
        Assert.Contains(project.Replace('/', '\\'), RepositoryFiles.Read("JanServer.sln"), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Services))]
    public void A_service_has_a_readme_of_one_page(string folder)
    {
        Assert.True(RepositoryFiles.Exists($"{folder}/README.md"), $"{folder}/README.md is missing.");
        Assert.InRange(RepositoryFiles.ReadLines($"{folder}/README.md").Length, 5, 80);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void A_service_is_part_of_the_deployment(string folder)
    {
        var project = $"Projects.JanServer_{Path.GetFileName(folder)}";
        Assert.Contains(
            RepositoryFiles.Matching(".cs").Where(file => file.StartsWith("JanServer.AppHost/", StringComparison.Ordinal)),
            file => RepositoryFiles.Read(file).Contains(project, StringComparison.Ordinal));
    }

    [Fact]
    public void Migrations_are_numbered_without_gaps()
    {
        var folders = RepositoryFiles.Matching(".sql")
            .Where(file => file.Contains("/Migrations/", StringComparison.Ordinal))
            .GroupBy(file => Path.GetDirectoryName(file)!);

        Assert.NotEmpty(folders);
        Assert.All(folders, folder =>
        {
            var numbers = folder.Select(file => MigrationNumber().Match(Path.GetFileName(file)).Groups[1].Value).Order().ToList();
            Assert.Equal(Enumerable.Range(1, numbers.Count).Select(number => $"{number:0000}"), numbers);
        });
    }

    private static IEnumerable<string> ServiceFolders() =>
        RepositoryFiles.Matching(".csproj")
            .Where(project => project.StartsWith("services/", StringComparison.Ordinal))
            .Select(project => Path.GetDirectoryName(project)!.Replace('\\', '/'));

    private static IEnumerable<string> ReferencesOf(string project) =>
        XDocument.Parse(RepositoryFiles.Read(project))
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    [GeneratedRegex(@"\.(Common|Shared|Core|Utils|Helpers)$")]
    private static partial Regex GrabBag();

    [GeneratedRegex(@"^(\d{4})_[a-z0-9_]+\.sql$")]
    private static partial Regex MigrationNumber();
}
