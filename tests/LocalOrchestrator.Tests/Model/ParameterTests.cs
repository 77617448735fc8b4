using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace JanServer.LocalOrchestrator.Tests.Model;

public sealed class ParameterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Configuration_wins_over_the_default()
    {
        var builder = Builder("--Parameters:color=green");

        Assert.Equal("green", await builder.AddParameter("color", "red").Resource.GetValueAsync(default));
    }

    [Fact]
    public async Task A_name_with_a_hyphen_can_be_set_by_a_shell() =>
        Assert.Equal("k", await Builder("--Parameters:api_key=k").AddParameter("api-key").Resource.GetValueAsync(default));

    [Fact]
    public async Task A_parameter_without_value_says_how_to_supply_it()
    {
        var parameter = Builder().AddParameter("api-key", secret: true);

        var error = await Assert.ThrowsAsync<DistributedApplicationException>(async () => await parameter.Resource.GetValueAsync(default));

        Assert.Contains("Parameters__api_key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_generated_secret_is_the_same_in_the_next_run_and_only_its_owner_can_read_it()
    {
        var first = await Secret(Builder());
        var second = await Secret(Builder());

        Assert.Equal(first, second);
        Assert.Equal(40, first!.Length);
        Assert.All(first, c => Assert.True(char.IsAsciiLetterOrDigit(c)));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["secrets.json"]));
        }
    }

    [Fact]
    public void A_generated_text_has_the_characters_that_are_asked_for()
    {
        var text =
            new GenerateParameterDefault { MinLength = 4, MinLower = 3, MinUpper = 2, MinNumeric = 4, MinSpecial = 1 }.GetDefaultValue();

        Assert.Equal(10, text.Length);
        Assert.Equal((3, 2, 4), (text.Count(char.IsAsciiLetterLower), text.Count(char.IsAsciiLetterUpper), text.Count(char.IsAsciiDigit)));
    }

    [Fact]
    public void A_damaged_secret_file_is_named_not_replaced()
    {
        File.WriteAllText(_folder["secrets.json"], "{ broken");

        var error = Assert.Throws<DistributedApplicationException>(() => Secret(Builder()).AsTask().GetAwaiter().GetResult());

        Assert.Contains(_folder["secrets.json"], error.Message, StringComparison.Ordinal);
        Assert.Equal("{ broken", File.ReadAllText(_folder["secrets.json"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("a--b")]
    [InlineData("a-")]
    [InlineData("a_b")]
    public void A_name_that_is_no_host_name_is_refused(string name) => Assert.Throws<ArgumentException>(() => Builder().AddParameter(name));

    [Fact]
    public void A_name_is_used_once()
    {
        var builder = Builder();
        builder.AddParameter("color");

        Assert.Throws<DistributedApplicationException>(() => builder.AddContainer("Color", "image"));
    }

    private static ValueTask<string?> Secret(IDistributedApplicationTestingBuilder builder) =>
        builder.AddParameter("secret", new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true, persist: true)
            .Resource.GetValueAsync(default);

    private IDistributedApplicationTestingBuilder Builder(params string[] args) =>
        TestModel.New([$"--LocalOrchestrator:StateFolder={_folder.Path}", .. args]);
}
