using Microsoft.AspNetCore.WebUtilities;

namespace JanServer.McpTools.Tests.Search;

/// <summary>The SearXNG provider against the real program (Debian's searx speaks the same JSON).</summary>
public sealed class SearxTests
{
    [SearxFact]
    public async Task A_real_searx_answers_although_one_of_its_engines_is_down()
    {
        await using var engine = await JanServer.Testing.Upstreams.FakeUpstream.StartAsync();
        engine.Always("/api", exchange => exchange.JsonAsync("""
            {"results":[
              {"title":"Redis on loopback","url":"https://docs.example.com/redis","content":"Running redis"},
              {"title":"Elsewhere","url":"https://elsewhere.example/redis","content":"Not asked for"}]}
            """));
        await using var searx = await SearxServer.StartAsync(new(engine.BaseAddress, "/"));
        await using var host = await ToolHost.StartAsync(("SEARXNG_URL", searx.Address.AbsoluteUri));

        var answer = await host.AnswerAsync("google_search", """{"q":"redis \"loopback\" & more","page":2,"hl":"en","domain_allow_list":["example.com"],"include_raw":false}""");

        Assert.Equal("searxng", answer.GetProperty("engine").GetString());
        var result = Assert.Single(answer.GetProperty("results").EnumerateArray());
        Assert.Equal("Redis on loopback", result.GetProperty("title").GetString());
        Assert.Equal("https://docs.example.com/redis", result.GetProperty("source_url").GetString());
        Assert.Equal("Running redis", result.GetProperty("snippet").GetString());
        var asked = QueryHelpers.ParseQuery(Assert.Single(engine.Requests).Path.Split('?')[1]);
        Assert.Equal("(redis \"loopback\" & more) (site:example.com)", asked["q"]);
        Assert.Equal("2", asked["page"]);

        var whole = await host.AnswerAsync("google_search", """{"q":"redis","include_raw":true}""");
        Assert.Equal("down", whole.GetProperty("raw").GetProperty("unresponsive_engines")[0][0].GetString());
    }
}
