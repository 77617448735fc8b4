namespace JanServer.McpTools.Tests.Python;

/// <summary>Calls that run nothing. A request that no script expects fails the tests when the fixture ends.</summary>
public sealed class PythonRefusalTests(PythonService service) : IClassFixture<PythonService>
{
    [Theory]
    [InlineData("{}", "'code'")]
    [InlineData("""{"code":"1","language":"cobol"}""", "'language'")]
    [InlineData("""{"code":"1","timeout_seconds":1000}""", "'timeout_seconds'")]
    [InlineData("""{"code":"1","language":"bash","session_id":"new"}""", "Only python")]
    [InlineData("""{"code":"1","stdin":"x","session_id":"new"}""", "standard input")]
    [InlineData("""{"code":"1","files":[{"name":"a"}]}""", "needs 'content'")]
    [InlineData("""{"code":"1","files":[{"name":"a","content_base64":"%"}]}""", "not Base64")]
    [InlineData("""{"code":"1","files":[{"name":"a","media_id":"jan_nonsense"}]}""", "no stored file")]
    public async Task Arguments_that_cannot_be_are_named(string arguments, string named)
    {
        var text = await service.FailAsync(arguments);

        Assert.Contains("python_exec", text, StringComparison.Ordinal);
        Assert.Contains(named, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(503, """{"error":{"message":"Code cannot be run: bubblewrap is not installed.","type":"server_error","param":null,"code":"sandbox_unavailable"}}""", "bubblewrap is not installed")]
    [InlineData(429, """{"error":{"message":"Too many programs wait.","type":"rate_limit_error","param":null,"code":"rate_limit_exceeded"}}""", "busy: Too many programs wait.")]
    [InlineData(401, """{"error":{"message":"no","type":"authentication_error","param":null,"code":"x"}}""", "McpTools:Python:ForwardCaller")]
    [InlineData(404, """{"error":{"message":"There is no such session: it ended.","type":"x","param":"session_id","code":"not_found"}}""", "There is no such session")]
    [InlineData(404, """{"detail":"Not Found"}""", "no such route")]
    [InlineData(422, """{"detail":[{"loc":["body","language"],"msg":"unexpected value"}]}""", "unexpected value")]
    [InlineData(500, "oops", "answered 500")]
    [InlineData(200, "no json", "cannot be read")]
    [InlineData(200, "{}", "cannot be read")]
    [InlineData(200, """{"status":"SandboxError","message":"no pods","files":{}}""", "no pods")]
    public async Task A_sandbox_that_does_not_run_it_is_an_error_that_says_why(int status, string body, string why)
    {
        service.Sandbox.Next(PythonService.RunPath, exchange => exchange.JsonAsync(body, status));

        var text = await service.FailAsync("""{"code":"print(42)"}""");

        Assert.StartsWith("python_exec cannot be used: ", text, StringComparison.Ordinal);
        Assert.Contains(why, text, StringComparison.Ordinal);
    }
}
