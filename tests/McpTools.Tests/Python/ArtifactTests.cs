using System.Text;
using System.Text.Json.Nodes;
using JanServer.McpTools.Python;

namespace JanServer.McpTools.Tests.Python;

public sealed class ArtifactTests
{
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];

    [Fact]
    public async Task Images_and_PDF_are_stored_small_files_returned_and_others_named()
    {
        await using var service = await PythonService.StartedAsync();
        Answer(service, ("plot.png", Png), ("report.pdf", "%PDF-1.7"u8.ToArray()), ("table.csv", "a,b"u8.ToArray()), ("large.bin", new byte[100_000]));
        service.Media.Always(PythonService.MediaPath, exchange => exchange.JsonAsync(
            """{"id":"jan_01","mime":"image/png","mime_type":"image/png","bytes":11,"deduped":false,"url":"https://jan.test/x","expires_at":1,"object":"media"}"""));

        var result = await service.RunAsync("""{"code":"1"}""");

        var artifacts = result.GetProperty("artifacts").EnumerateArray().ToDictionary(artifact => artifact.GetProperty("name").GetString()!);
        Assert.Equal(["plot.png", "report.pdf", "table.csv"], artifacts.Keys.Order());
        Assert.Equal(("https://jan.test/x", "jan_01"), (artifacts["plot.png"].GetProperty("url").GetString(), artifacts["plot.png"].GetProperty("media_id").GetString()));
        Assert.False(artifacts["plot.png"].TryGetProperty("base64", out _));
        Assert.Equal(("text/csv", "a,b", 3), (artifacts["table.csv"].GetProperty("mime_type").GetString(), Encoding.UTF8.GetString(artifacts["table.csv"].GetProperty("base64").GetBytesFromBase64()), artifacts["table.csv"].GetProperty("bytes").GetInt32()));
        var left = Assert.Single(result.GetProperty("left_out").EnumerateArray());
        Assert.Equal(("large.bin", 100_000), (left.GetProperty("name").GetString(), left.GetProperty("bytes").GetInt32()));
        Assert.Contains("Only images and PDF", left.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains(service.Media.Requests, request => request.Text.Contains("filename=plot.png", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(413)]
    [InlineData(403)]
    [InlineData(415)]
    public async Task An_image_that_cannot_be_stored_is_returned_when_small_and_else_named(int status)
    {
        await using var service = await PythonService.StartedAsync();
        Answer(service, ("small.png", Png), ("large.png", [.. Png, .. new byte[100_000]]));
        service.Media.Always(PythonService.MediaPath, exchange => exchange.ErrorAsync(status, "x", "no"));

        var result = await service.RunAsync("""{"code":"1"}""");

        var artifact = Assert.Single(result.GetProperty("artifacts").EnumerateArray());
        Assert.Equal(("small.png", "image/png"), (artifact.GetProperty("name").GetString(), artifact.GetProperty("mime_type").GetString()));
        Assert.Equal(Png, artifact.GetProperty("base64").GetBytesFromBase64());
        Assert.Equal("large.png", Assert.Single(result.GetProperty("left_out").EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task What_the_sandbox_left_out_is_named()
    {
        await using var service = await PythonService.StartedAsync();
        service.Sandbox.Next(PythonService.RunPath, exchange => exchange.JsonAsync(
            """{"status":"Success","message":"","run_result":{"status":"Finished","return_code":0},"files":{"odd":"%","null":null},"skipped_files":[null,{"path":"huge","bytes":99,"reason":"too_large"},{"path":"none","reason":"not_found"}]}"""));

        var result = await service.RunAsync("""{"code":"1"}""");

        Assert.Equal(["huge", "none", "null", "odd"], result.GetProperty("left_out").EnumerateArray().Select(file => file.GetProperty("name").GetString()!).Order());
        Assert.Empty(result.GetProperty("artifacts").EnumerateArray());
    }

    [Fact]
    public async Task Figures_of_a_session_are_artifacts_and_no_result()
    {
        await using var service = await PythonService.StartedAsync();
        service.Sandbox.Next(PythonService.CellsPath, exchange => exchange.JsonAsync(
            $$$"""{"status":"Success","message":"","driver":{"status":"Finished"},"cells":[{"stdout":"","stderr":"","display":[{"data":{"image/png":"{{{Convert.ToBase64String(Png)}}}","text/plain":"<Figure>"},"metadata":{}}],"error":[]}],"files":{},"session_id":"sess_1","session_created":true}"""));
        service.Media.Always(PythonService.MediaPath, exchange => exchange.JsonAsync(
            """{"id":"jan_01","mime":"image/png","mime_type":"image/png","bytes":11,"deduped":false,"url":"https://jan.test/x","expires_at":1,"object":"media"}"""));

        var result = await service.RunAsync("""{"code":"plot()","session_id":"new"}""");

        Assert.Equal("figure-1.png", Assert.Single(result.GetProperty("artifacts").EnumerateArray()).GetProperty("name").GetString());
        Assert.False(result.TryGetProperty("result", out _));
    }

    [Theory]
    [InlineData("abcdef", 10, "abcdef", false)]
    [InlineData("abcdefghij", 4, "ab\n[6 characters left out]\nij", true)]
    [InlineData("a😀cdefg😀z", 4, "a\n[9 characters left out]\nz", true)]
    public void Output_is_shortened_in_the_middle(string text, int limit, string shown, bool truncated) =>
        Assert.Equal((shown, truncated), OutputText.Shorten(text, limit));

    private static void Answer(PythonService service, params (string Name, byte[] Content)[] files)
    {
        var answer = new JsonObject
        {
            ["status"] = "Success",
            ["message"] = "",
            ["run_result"] = new JsonObject { ["status"] = "Finished", ["return_code"] = 0 },
            ["files"] = new JsonObject(files.Select(file => KeyValuePair.Create(file.Name, (JsonNode?)Convert.ToBase64String(file.Content)))),
        };
        service.Sandbox.Next(PythonService.RunPath, exchange => exchange.JsonAsync(answer.ToJsonString()));
    }
}
