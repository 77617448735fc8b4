using JanServer.McpTools.External.Listing;

namespace JanServer.McpTools.Tests.External.Listing;

public sealed class ToolNamesTests
{
    private static readonly Guid One = Guid.Parse("01980000-0000-7000-8000-000000000001");
    private static readonly Guid Other = Guid.Parse("01980000-0000-7000-8000-000000000002");

    [Theory]
    [InlineData("echo", "l_echo")]
    [InlineData("admin.tools/list", "l_admin_tools_list")]
    [InlineData("päivä", "l_p_iv_")]
    [InlineData("a b", "l_a_b")]
    public void Names_have_the_characters_that_models_take(string tool, string name) => Assert.Equal(name, new ToolNames([]).Next("l", tool, One));

    [Fact]
    public void Whoever_comes_first_has_the_plain_name_and_the_others_a_hash_that_stays()
    {
        var names = new ToolNames(["l_taken"]);
        Assert.Equal("l_a_b", names.Next("l", "a.b", One));
        var second = names.Next("l", "a/b", One);
        var third = names.Next("l", "a.b", Other);
        var builtIn = names.Next("l", "taken", One);

        Assert.Matches("^l_a_b_[0-9a-f]{8}$", second);
        Assert.Matches("^l_a_b_[0-9a-f]{8}$", third);
        Assert.Matches("^l_taken_[0-9a-f]{8}$", builtIn);
        Assert.Equal(4, new[] { "l_a_b", second, third, builtIn }.Distinct().Count());
        Assert.Equal(third, new ToolNames(["l_a_b"]).Next("l", "a.b", Other));
    }

    [Fact]
    public void Long_names_are_cut_and_told_apart()
    {
        var names = new ToolNames([]);
        var name = names.Next(new string('l', 32), new string('t', 100), One);
        var other = names.Next(new string('l', 32), new string('t', 101), One);
        Assert.Equal(64, name.Length);
        Assert.Equal(64, other.Length);
        Assert.NotEqual(name, other);
    }
}
