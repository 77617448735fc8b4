using JanServer.ResponseApi.Events;
using JanServer.ResponseApi.Runs;
using JanServer.ResponseApi.Tests.Fixtures;

namespace JanServer.ResponseApi.Tests.Events;

public sealed class CitationTests
{
    private static readonly CitationSource Source = new(
    [
        new ToolExecution
        {
            CallId = "a",
            ItemId = "ws_1",
            ToolName = "web_search",
            Arguments = "{}",
            Order = 1,
            Status = "completed",
            StartedAt = default,
            Result = Given.Json("""{"results":[{"title":"One","source_url":"https://one.test/a"},{"title":"Two","url":"https://two.test/b_(c)"}],"citations":["https://three.test"]}"""),
        },
    ]);

    [Theory]
    [InlineData("See https://one.test/a.", "https://one.test/a", "One")]
    [InlineData("See (https://one.test/a), or not", "https://one.test/a", "One")]
    [InlineData("It is so [1](https://one.test/a).", "[1](https://one.test/a)", "One")]
    [InlineData("**https://two.test/b_(c)**", "https://two.test/b_(c)", "Two")]
    public void An_address_that_was_found_is_a_citation(string text, string cited, string title)
    {
        var citation = Assert.Single(Source.FindIn(text));

        Assert.Equal(cited, text[citation.Start..citation.End]);
        Assert.Equal(title, citation.Title);
    }

    [Theory]
    [InlineData("See https://other.test/a.")]
    [InlineData("See https://one.test/abc")]
    [InlineData("http is a protocol, https too; http")]
    [InlineData("")]
    public void Another_address_is_none(string text) => Assert.Empty(Source.FindIn(text));

    [Fact]
    public async Task Citations_are_events_and_annotations()
    {
        var search = new ServerTool("search", (_, _) => Task.FromResult("One: https://one.test/a"))
        {
            ItemIdPrefix = "ws",
            Result = Given.Json("""{"results":[{"title":"One","source_url":"https://one.test/a"}]}"""),
        };
        await using var host = await LoopHost.StartAsync(new TestTools(search));
        host.Llm.Calls(("a", "search", "{}"));
        host.Llm.Says("As https://one", ".test/a says.");
        var response = Given.Response("""{"model":"m","input":"x"}""");

        var journal = await host.RunAsync(response);

        var annotation = response.Progress.Output[^1].GetProperty("content")[0].GetProperty("annotations")[0];
        Assert.Equal(("url_citation", 3, 21), (annotation.GetProperty("type").GetString(), annotation.GetProperty("start_index").GetInt32(), annotation.GetProperty("end_index").GetInt32()));
        Assert.Equal(annotation.GetRawText(), journal.Single("response.output_text.annotation.added").GetProperty("annotation").GetRawText());
    }
}
