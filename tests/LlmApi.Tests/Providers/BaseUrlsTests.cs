using JanServer.LlmApi.Providers;

namespace JanServer.LlmApi.Tests.Providers;

public class BaseUrlsTests
{
    [Theory]
    [InlineData("http://localhost:11434", "http://localhost:11434/v1/")]
    [InlineData("http://localhost:11434/", "http://localhost:11434/v1/")]
    [InlineData(" https://api.openai.com/v1 ", "https://api.openai.com/v1/")]
    [InlineData("https://api.openai.com/v1/", "https://api.openai.com/v1/")]
    [InlineData("https://openrouter.ai/api", "https://openrouter.ai/api/v1/")]
    [InlineData("https://g.example/v1beta/openai", "https://g.example/v1beta/openai/")]
    [InlineData("https://z.example/api/paas/v4/", "https://z.example/api/paas/v4/")]
    [InlineData("https://x.example/vllm", "https://x.example/vllm/v1/")]
    public void A_base_URL_ends_where_paths_are_appended(string given, string expected)
    {
        Assert.True(BaseUrls.TryParse(given, out var url));
        Assert.Equal(expected, url.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("localhost:11434")]
    [InlineData("/v1")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://user:pw@host/v1")]
    [InlineData("http://host/v1?key=x")]
    [InlineData("http://host/v1#x")]
    public void What_is_no_base_URL_is_refused(string? given) => Assert.False(BaseUrls.TryParse(given, out _));
}
