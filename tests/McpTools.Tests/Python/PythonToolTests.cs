using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using JanServer.McpTools.Tools;
using JanServer.Testing;
using JanServer.Testing.Identity;
using ModelContextProtocol;

namespace JanServer.McpTools.Tests.Python;

public sealed class PythonToolTests
{
    private const string Success = """
        {"status":"Success","message":"","compile_result":null,"run_result":{"status":"Finished","execution_time":0.0123,"return_code":0,"stdout":"42\n","stderr":""},"executor_pod_name":null,"files":{}}
        """;

    private const string Code = """{"code":"print(42)"}""";

    [Fact]
    public async Task A_program_is_run_and_its_output_returned()
    {
        await using var service = await PythonService.StartedAsync();
        service.Sandbox.Next(PythonService.RunPath, exchange => exchange.JsonAsync(Success));

        var result = await service.RunAsync(Code);

        Assert.Equal("42\n", result.GetProperty("stdout").GetString());
        Assert.Equal(0, result.GetProperty("return_code").GetInt32());
        Assert.Equal(12, result.GetProperty("duration_ms").GetInt32());
        Assert.Equal(JsonValueKind.Null, result.GetProperty("error").ValueKind);
        Assert.Equal(JsonValueKind.Null, result.GetProperty("session_id").ValueKind);
        Assert.Empty(result.GetProperty("artifacts").EnumerateArray());
        Assert.True(JsonSchema.FromText(service.Tool.Definition.OutputSchema!.Value.GetRawText()).Evaluate(result).IsValid);
        var asked = Assert.Single(service.Sandbox.Requests).Json;
        Assert.Equal(("print(42)", "python", 30), ((string)asked["code"]!, (string)asked["language"]!, (double)asked["run_timeout"]!));
        Assert.True((bool)asked["fetch_new_files"]!);
    }

    [Theory]
    [InlineData("python3", "python", "python")]
    [InlineData("bash", "bash", "bash")]
    [InlineData("javascript", "nodejs", "javascript")]
    public async Task Languages_are_called_what_the_sandbox_calls_them(string asked, string sent, string told)
    {
        await using var service = await PythonService.StartedAsync();
        service.Sandbox.Next(PythonService.RunPath, exchange => exchange.JsonAsync(Success));

        var result = await service.RunAsync($$"""{"code":"1","language":"{{asked}}","timeout_seconds":2.5,"stdin":"in","output_files":["a"]}""");

        Assert.Equal(told, result.GetProperty("language").GetString());
        var request = Assert.Single(service.Sandbox.Requests).Json;
        Assert.Equal((sent, 2.5, "in", "a"), ((string)request["language"]!, (double)request["run_timeout"]!, (string)request["stdin"]!, (string)request["fetch_files"]![0]!));
    }

    [Fact]
    public async Task A_program_that_fails_is_a_result_with_its_return_code()
    {
        await using var service = await PythonService.StartedAsync();
        service.Sandbox.Next(PythonService.RunPath, exchange => exchange.JsonAsync(
            """{"status":"Failed","message":"","run_result":{"status":"Finished","execution_time":0.1,"return_code":3,"stdout":"before","stderr":"\"why\" – <1>"},"files":{}}"""));
        service.Sandbox.Next(PythonService.RunPath, exchange => exchange.JsonAsync(
            """{"status":"Failed","message":"","run_result":{"status":"TimeLimitExceeded","execution_time":30,"return_code":null,"stdout":"half","stderr":""},"files":{}}"""));

        var failed = await service.RunAsync(Code);
        var over = await service.RunAsync(Code);

        Assert.Equal(("before", "\"why\" – <1>", 3), (failed.GetProperty("stdout").GetString(), failed.GetProperty("stderr").GetString(), failed.GetProperty("return_code").GetInt32()));
        Assert.Contains("\\\"why\\\" – <1>", failed.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("The program ended with return code 3.", failed.GetProperty("error").GetString());
        Assert.Equal(JsonValueKind.Null, over.GetProperty("return_code").ValueKind);
        Assert.Contains("longer than 30 seconds", over.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_output_keeps_its_beginning_and_its_end()
    {
        await using var service = await PythonService.StartedAsync();
        var answer = JsonNode.Parse(Success)!;
        answer["run_result"]!["stdout"] = "begin" + new string('x', 100_000) + "end";
        service.Sandbox.Next(PythonService.RunPath, exchange => exchange.JsonAsync(answer.ToJsonString()));

        var result = await service.RunAsync(Code);

        var stdout = result.GetProperty("stdout").GetString()!;
        Assert.True(result.GetProperty("stdout_truncated").GetBoolean());
        Assert.StartsWith("begin", stdout, StringComparison.Ordinal);
        Assert.EndsWith("end", stdout, StringComparison.Ordinal);
        Assert.Contains("characters left out]", stdout, StringComparison.Ordinal);
        Assert.InRange(stdout.Length, 20_000, 20_100);
    }

    [Fact]
    public async Task A_session_goes_on_under_the_id_that_the_result_tells()
    {
        await using var service = await PythonService.StartedAsync();
        service.Sandbox.Next(PythonService.CellsPath, exchange => exchange.JsonAsync(
            """{"status":"Success","message":"","driver":{"status":"Finished","execution_time":0.5},"cells":[{"stdout":"out","stderr":"","display":[{"data":{"text/plain":"7"},"metadata":{}}],"error":[]}],"files":{},"session_id":"sess_1","session_created":true}"""));
        service.Sandbox.Next(PythonService.CellsPath, exchange => exchange.JsonAsync(
            """{"status":"Success","message":"","driver":{"status":"Finished","execution_time":0.5},"cells":[{"stdout":"","stderr":"","display":[],"error":[{"ename":"NameError","evalue":"no x","traceback":["Traceback","NameError: no x"]}]}],"files":{},"session_id":"sess_1","session_created":false}"""));

        var begun = await service.RunAsync("""{"code":"7","session_id":"new"}""");
        var failed = await service.RunAsync("""{"code":"x","session_id":"sess_1"}""");

        Assert.Equal(("sess_1", true, "7", 0), (begun.GetProperty("session_id").GetString(), begun.GetProperty("session_created").GetBoolean(), begun.GetProperty("result").GetString(), begun.GetProperty("return_code").GetInt32()));
        Assert.Equal(("NameError: no x", 1, "Traceback\nNameError: no x"), (failed.GetProperty("error").GetString(), failed.GetProperty("return_code").GetInt32(), failed.GetProperty("stderr").GetString()));
        Assert.Equal(["new", "sess_1"], service.Sandbox.Requests.Select(request => (string)request.Json["session_id"]!));
    }

    [Fact]
    public async Task SandboxFusion_keeps_no_sessions_and_the_result_says_so()
    {
        await using var service = await PythonService.StartedAsync();
        service.Sandbox.Next(PythonService.CellsPath, exchange => exchange.JsonAsync(
            """{"status":"Success","message":"","driver":{"status":"Finished","execution_time":0.5,"return_code":0,"stdout":"","stderr":""},"cells":[{"stdout":"1","stderr":"","display":[{"text/plain":"2"}],"error":[]}],"executor_pod_name":null,"files":{}}"""));

        var result = await service.RunAsync("""{"code":"1","session_id":"new"}""");

        Assert.Equal(JsonValueKind.Null, result.GetProperty("session_id").ValueKind);
        Assert.Contains("keeps no sessions", result.GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Equal("2", result.GetProperty("result").GetString());
    }

    [Theory]
    [InlineData("""{"status":"Failed","cells":[null],"files":null,"session_created":true}""")]
    [InlineData("""{"status":"Failed","cells":[{"display":[null,1,{"data":3}],"error":[null]}],"driver":null}""")]
    [InlineData("""{"status":"Failed"}""")]
    public async Task An_answer_with_holes_is_a_program_that_did_not_end_well(string body)
    {
        await using var service = await PythonService.StartedAsync();
        service.Sandbox.Next(PythonService.CellsPath, exchange => exchange.JsonAsync(body));

        var result = await service.RunAsync("""{"code":"1","session_id":"new"}""");

        Assert.Equal(1, result.GetProperty("return_code").GetInt32());
        Assert.NotEqual(JsonValueKind.Null, result.GetProperty("error").ValueKind);
    }

    [Fact]
    public async Task Files_are_put_in()
    {
        await using var service = await PythonService.StartedAsync();
        service.Sandbox.Next(PythonService.RunPath, exchange => exchange.JsonAsync(Success));

        await service.RunAsync("""{"code":"1","files":[{"name":"d/a.txt","content":"hello"},{"name":"b","content_base64":"AAE="},{"name":"empty","content":""}]}""");

        var files = Assert.Single(service.Sandbox.Requests).Json["files"]!;
        Assert.Equal(("aGVsbG8=", "AAE=", ""), ((string)files["d/a.txt"]!, (string)files["b"]!, (string)files["empty"]!));
    }

    [Fact]
    public async Task A_sandbox_that_is_down_or_silent_is_an_error()
    {
        await using var down = await PythonService.StartedAsync(("McpTools:Python:Url", "http://127.0.0.1:9/"));
        await using var silent = await PythonService.StartedAsync(("McpTools:Python:WaitSeconds", "1"));
        silent.Sandbox.Next(PythonService.RunPath, exchange => exchange.StallAsync());

        Assert.Contains("cannot be reached", await down.FailAsync(Code), StringComparison.Ordinal);
        Assert.Contains("did not answer within 1.5 seconds", await silent.FailAsync("""{"code":"1","timeout_seconds":0.5}"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MCP_ENABLE_PYTHON_EXEC", "false", "switched it off")]
    [InlineData("services:sandboxfusion:http:0", "", "no sandbox is configured")]
    public async Task Without_an_address_or_switched_off_it_is_unavailable_and_says_so(string key, string value, string why)
    {
        await using var service = await PythonService.StartedAsync((key, value));

        Assert.Contains(why, service.Tool.Unavailable, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_references_address_is_taken()
    {
        await using var service = await PythonService.StartedAsync();
        await using var other = await PythonService.StartedAsync(
            ("services:sandboxfusion:http:0", ""), ("SANDBOXFUSION_URL", service.Sandbox.BaseAddress.GetLeftPart(UriPartial.Authority) + "/"));
        service.Sandbox.Next(PythonService.RunPath, exchange => exchange.JsonAsync(Success));

        Assert.Null(other.Tool.Unavailable);
        await other.RunAsync(Code);
    }

    [Fact]
    public async Task Where_approval_is_required_nothing_runs_without_it()
    {
        await using var careful = await PythonService.StartedAsync(("MCP_SANDBOX_REQUIRE_APPROVAL", "true"));
        careful.Sandbox.Next(PythonService.RunPath, exchange => exchange.JsonAsync(Success));

        var refused = await careful.FailAsync(Code);
        var no = await careful.FailAsync("""{"code":"print(42)","approved":false}""");
        Assert.Empty(careful.Sandbox.Requests);
        await careful.RunAsync("""{"code":"print(42)","approved":true}""");

        Assert.Equal("always", careful.Tool.Definition.Meta![ToolMeta.RequireApproval]!.GetValue<string>());
        Assert.All([refused, no], text => Assert.Contains("requires approval", text, StringComparison.Ordinal));
        Assert.Single(careful.Sandbox.Requests);
    }

    [Fact]
    public async Task The_sandbox_is_told_for_whom_only_where_that_is_configured()
    {
        await using var service = await PythonService.StartedAsync();
        await using var telling = await PythonService.StartedAsync(("McpTools:Python:ForwardCaller", "true"));
        telling.Sandbox.Next(PythonService.RunPath, exchange => exchange.JsonAsync(Success));
        service.Sandbox.Next(PythonService.RunPath, exchange => exchange.JsonAsync(Success));
        var ann = TestCallers.User();

        await telling.CallAsync(Code, ann);
        await service.CallAsync(Code, ann);

        Assert.NotNull(Assert.Single(telling.Sandbox.Requests).Header("Jan-Caller"));
        Assert.Null(Assert.Single(service.Sandbox.Requests).Header("Jan-Caller"));
        Assert.Null(Assert.Single(service.Sandbox.Requests).Header("Authorization"));
    }

    [Fact]
    public async Task A_call_that_is_given_up_ends_the_request()
    {
        await using var service = await PythonService.StartedAsync();
        var gone = new TaskCompletionSource();
        service.Sandbox.Next(PythonService.RunPath, async exchange =>
        {
            await exchange.ClientGone;
            gone.SetResult();
        });
        using var giveUp = new CancellationTokenSource();
        var call = service.CallAsync(Code, ct: giveUp.Token);
        await service.Sandbox.ArrivalAsync();

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await gone.Task.Soon();
    }

    [Fact]
    public async Task Progress_is_reported_while_it_runs()
    {
        await using var service = await PythonService.StartedAsync();
        var more = new TaskCompletionSource();
        service.Sandbox.Next(PythonService.RunPath, async exchange =>
        {
            await more.Task;
            await exchange.JsonAsync(Success);
        });
        var reports = new Reports();
        var call = service.CallAsync(Code, progress: reports);

        await Eventually.True(() => reports.Messages.Any(message => message.Contains("waiting or running", StringComparison.Ordinal)));
        more.SetResult();

        Assert.NotEqual(true, (await call).IsError);
        Assert.Contains("sent to the sandbox", reports.Messages[0], StringComparison.Ordinal);
    }

    private sealed class Reports : IProgress<ProgressNotificationValue>
    {
        private readonly List<string> _messages = [];

        public IReadOnlyList<string> Messages
        {
            get
            {
                lock (_messages)
                {
                    return [.. _messages];
                }
            }
        }

        public void Report(ProgressNotificationValue value)
        {
            lock (_messages)
            {
                _messages.Add(value.Message!);
            }
        }
    }
}
