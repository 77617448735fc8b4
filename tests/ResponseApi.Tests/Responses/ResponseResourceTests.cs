using System.Text.Json;
using JanServer.ResponseApi.Responses;
using JanServer.ResponseApi.Tests.Fixtures;

namespace JanServer.ResponseApi.Tests.Responses;

public sealed class ResponseResourceTests
{
    [Fact]
    public void A_completed_response_shows_its_request_its_usage_and_its_calls()
    {
        var response = Given.Response("""
            {"model":"m","input":"x","instructions":"i","metadata":{"a":"b"},"tool_choice":"auto","max_tool_calls":4,
             "tools":[{"type":"function","name":"f"},{"type":"mcp","server_label":"s","server_url":"https://a","authorization":"secret","headers":{"X-Key":"secret"}}],
             "text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"}}}}
            """);
        var progress = response.Progress;
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        (progress.Status, progress.StartedAt, progress.EndedAt, progress.ModelCalls) = ("completed", now, now.AddSeconds(2), 2);
        progress.Usage = new(10, 4, 6, 1);
        progress.Executions.Add(new()
        {
            CallId = "c",
            ItemId = "mcp_1",
            ToolName = "t",
            Arguments = "{}",
            Order = 1,
            Status = "failed",
            ModelText = "no",
            Error = "no",
            StartedAt = now,
            CompletedAt = now.AddMilliseconds(1500),
        });

        var json = Given.Json(System.Text.Encoding.UTF8.GetString(ResponseResource.ToJson(response)));

        Assert.Equal(("response", "completed", 1_800_000_002), (Text(json, "object"), Text(json, "status"), json.GetProperty("completed_at").GetInt64()));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("error").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("incomplete_details").ValueKind);
        Assert.Equal((16, 4, 1), (
            json.GetProperty("usage").GetProperty("total_tokens").GetInt32(),
            json.GetProperty("usage").GetProperty("input_tokens_details").GetProperty("cached_tokens").GetInt32(),
            json.GetProperty("usage").GetProperty("output_tokens_details").GetProperty("reasoning_tokens").GetInt32()));
        Assert.Equal("b", json.GetProperty("metadata").GetProperty("a").GetString());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("tools")[0].GetProperty("strict").ValueKind);
        Assert.Equal("https://a", Text(json.GetProperty("tools")[1], "server_url"));
        Assert.DoesNotContain("secret", json.GetRawText(), StringComparison.Ordinal);
        Assert.False(json.GetProperty("text").GetProperty("format").GetProperty("strict").GetBoolean());
        var call = json.GetProperty("tool_executions")[0];
        Assert.Equal(("t", "failed", "no", 1, 1500), (
            Text(call, "tool_name"), Text(call, "status"), Text(call, "error_message"), call.GetProperty("execution_order").GetInt32(), call.GetProperty("duration_ms").GetInt32()));
        Assert.Equal(2000, json.GetProperty("execution_metadata").GetProperty("duration_ms").GetInt32());
    }

    [Theory]
    [InlineData("failed", "failed_at")]
    [InlineData("cancelled", "cancelled_at")]
    [InlineData("completed", "completed_at")]
    public void The_time_of_the_end_is_that_of_its_kind(string status, string member)
    {
        var response = Given.Response("""{"model":"m","input":"x"}""");
        (response.Progress.Status, response.Progress.EndedAt, response.Progress.Error) = (status, DateTimeOffset.UtcNow, status == "failed" ? new("server_error", "no") : null);

        var json = Given.Json(System.Text.Encoding.UTF8.GetString(ResponseResource.ToJson(response)));

        Assert.All((string[])["failed_at", "cancelled_at", "completed_at"], one => Assert.Equal(one == member, json.GetProperty(one).ValueKind == JsonValueKind.Number));
        Assert.Equal(status == "failed", json.GetProperty("error").ValueKind == JsonValueKind.Object);
    }

    [Fact]
    public void A_response_in_progress_has_no_usage_and_an_incomplete_one_says_why()
    {
        var response = Given.Response("""{"model":"m","input":"x","conversation":"conv_1"}""");
        response.Progress.Status = "in_progress";
        var running = Given.Json(System.Text.Encoding.UTF8.GetString(ResponseResource.ToJson(response)));
        (response.Progress.Status, response.Progress.IncompleteReason) = ("incomplete", "max_output_tokens");
        var ended = Given.Json(System.Text.Encoding.UTF8.GetString(ResponseResource.ToJson(response)));

        Assert.Equal(JsonValueKind.Null, running.GetProperty("usage").ValueKind);
        Assert.Empty(running.GetProperty("output").EnumerateArray());
        Assert.Equal("max_output_tokens", Text(ended.GetProperty("incomplete_details"), "reason"));
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
