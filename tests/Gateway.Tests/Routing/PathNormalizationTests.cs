using JanServer.Gateway.Routing;

namespace JanServer.Gateway.Tests.Routing;

public sealed class PathNormalizationTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/v1/models", "/v1/models")]
    [InlineData("//v1///models//", "/v1/models")]
    [InlineData("/v1/models/", "/v1/models")]
    [InlineData("/llm/v1/models", "/v1/models")]
    [InlineData("//llm//auth//me", "/auth/me")]
    [InlineData("/LLM/v1/models", "/v1/models")]
    [InlineData("/llm", "/llm")]
    [InlineData("/llmx/v1", "/llmx/v1")]
    [InlineData("/llm/llm/v1", "/llm/v1")]
    [InlineData("/api/swagger/", "/api/swagger/")]
    public void A_path_has_one_form(string path, string normal) => Assert.Equal(normal, PathNormalization.Normalize(path));

    [Theory]
    [InlineData("/v1/../internal", true)]
    [InlineData("/v1/..", true)]
    [InlineData("/v1/..%2finternal", true)]
    [InlineData("/v1/..%5Cinternal", true)]
    [InlineData("/v1\\internal", true)]
    [InlineData("/v1/a..b/c...", false)]
    [InlineData("/v1/models/org%20x", false)]
    public void A_path_that_could_mean_another_is_noticed(string path, bool ambiguous) =>
        Assert.Equal(ambiguous, PathNormalization.IsAmbiguous(path));
}
