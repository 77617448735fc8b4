using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.Sandbox.Tests.Fixtures;
using JanServer.Testing.Requirements;

namespace JanServer.Sandbox.Tests.Runs;

public sealed class RunCodeTests(SandboxService service) : IClassFixture<SandboxService>
{
    private readonly SandboxClient _client = service.NewUser();

    [SandboxTheory]
    [InlineData("python", "import sys; print('out'); print('err', file=sys.stderr)")]
    [InlineData("Python3", "import sys; print('out'); print('err', file=sys.stderr)")]
    [InlineData("bash", "echo out; echo err >&2")]
    [InlineData("sh", "echo out; echo err >&2")]
    public async Task A_program_answers_as_SandboxFusion_does(string language, string code)
    {
        var run = await _client.RunAsync(code, language);

        Assert.Equal("Success", run.Text("status"));
        Assert.Equal("", run.Text("message"));
        Assert.Equal(JsonValueKind.Null, run.GetProperty("compile_result").ValueKind);
        Assert.Equal(JsonValueKind.Null, run.GetProperty("executor_pod_name").ValueKind);
        Assert.Empty(run.GetProperty("files").EnumerateObject());
        Assert.Equal("Finished", run.GetProperty("run_result").Text("status"));
        Assert.Equal(0, run.ReturnCode());
        Assert.Equal("out\n", run.Stdout());
        Assert.Equal("err\n", run.Stderr());
        Assert.InRange(run.GetProperty("run_result").GetProperty("execution_time").GetDouble(), 0.001, 60);
    }

    [SandboxTheory]
    [InlineData("javascript")]
    [InlineData("nodejs")]
    [InlineData("js")]
    public async Task JavaScript_runs_where_Node_is_installed(string language)
    {
        using var response = await _client.SendAsync("/run_code", new() { ["code"] = "console.log([1, 2].map(x => x * 2))", ["language"] = language });
        var answer = JsonElement.Parse(await response.Content.ReadAsStringAsync());

        if (File.Exists("/usr/bin/node") || File.Exists("/usr/local/bin/node"))
        {
            Assert.Equal("[ 2, 4 ]\n", answer.Stdout());
        }
        else
        {
            Assert.Equal("sandbox_unavailable", answer.GetProperty("error").Text("code"));
        }
    }

    [SandboxFact]
    public async Task A_program_that_fails_tells_its_code_and_what_it_printed()
    {
        var code = await _client.RunAsync("print('before'); raise SystemExit(3)");
        var thrown = await _client.RunAsync("1/0");
        var signal = await _client.RunAsync("kill -TERM $$", "bash");

        Assert.Equal(("Failed", 3, "before\n"), (code.Text("status"), code.ReturnCode(), code.Stdout()));
        Assert.Equal("Finished", code.GetProperty("run_result").Text("status"));
        Assert.Equal(1, thrown.ReturnCode());
        Assert.Contains("/code/main.py", thrown.Stderr(), StringComparison.Ordinal);
        Assert.Contains("ZeroDivisionError", thrown.Stderr(), StringComparison.Ordinal);
        Assert.Equal(128 + 15, signal.ReturnCode());
    }

    [SandboxFact]
    public async Task A_program_reads_its_standard_input_or_not()
    {
        var read = await _client.RunAsync("print(input() + '!')", more: new() { ["stdin"] = "grüß\nmore" });
        var ignored = await _client.RunAsync("print(1)", more: new() { ["stdin"] = new string('x', 1 << 20) });
        var none = await _client.RunAsync("import sys; print(repr(sys.stdin.read()))");

        Assert.Equal("grüß!\n", read.Stdout());
        Assert.Equal("1\n", ignored.Stdout());
        Assert.Equal("''\n", none.Stdout());
    }

    [SandboxTheory]
    [InlineData("python", "open('out/new.txt', 'w').write(open('in/a.txt').read().upper()); open('b.txt', 'w').write('changed')")]
    [InlineData("bash", "tr a-z A-Z < in/a.txt > out/new.txt; printf changed > b.txt")]
    public async Task Files_come_in_and_go_out(string language, string code)
    {
        var run = await _client.RunAsync(code, language, new()
        {
            ["files"] = new JsonObject { ["in/a.txt"] = "aGVsbG8=", ["/work/b.txt"] = "Yg==", ["out/same.txt"] = "c2FtZQ==" },
            ["fetch_files"] = new JsonArray("in/a.txt", "missing.txt"),
            ["fetch_new_files"] = true,
        });

        Assert.Equal("", run.Stderr());
        Assert.Equal(["b.txt", "in/a.txt", "out/new.txt"], run.GetProperty("files").EnumerateObject().Select(file => file.Name).Order());
        Assert.Equal("HELLO", run.File("out/new.txt"));
        Assert.Equal("changed", run.File("b.txt"));
        var skipped = Assert.Single(run.GetProperty("skipped_files").EnumerateArray());
        Assert.Equal(("missing.txt", "not_found"), (skipped.Text("path"), skipped.Text("reason")));
    }

    [SandboxFact]
    public async Task Files_of_a_program_that_failed_are_given_back_too_and_others_are_not_asked_for()
    {
        var failed = await _client.RunAsync("open('a', 'w').write('1'); raise SystemExit(1)", more: new() { ["fetch_new_files"] = true });
        var unasked = await _client.RunAsync("open('a', 'w').write('1')");

        Assert.Equal(("Failed", "1"), (failed.Text("status"), failed.File("a")));
        Assert.Empty(unasked.GetProperty("files").EnumerateObject());
    }

    [SandboxFact]
    public async Task Too_many_and_too_large_files_are_named_and_left_out()
    {
        var many = await _client.RunAsync("for i in range(40): open(f'f{i}', 'w').write('x')", more: new() { ["fetch_new_files"] = true });
        var large = await _client.RunAsync(
            "open('large', 'wb').write(bytes(20 << 20)); open('small', 'w').write('1')", more: new() { ["fetch_new_files"] = true });

        Assert.Equal(32, many.GetProperty("files").EnumerateObject().Count());
        Assert.All(many.GetProperty("skipped_files").EnumerateArray(), file => Assert.Equal("too_many", file.Text("reason")));
        Assert.Equal("1", large.File("small"));
        var skipped = Assert.Single(large.GetProperty("skipped_files").EnumerateArray());
        Assert.Equal(("large", "too_large", 20 << 20), (skipped.Text("path"), skipped.Text("reason"), skipped.GetProperty("bytes").GetInt32()));
    }

    [SandboxFact]
    public async Task Runs_know_nothing_of_each_other()
    {
        await _client.RunAsync("open('/work/left', 'w'); open('/tmp/left', 'w'); open('/dev/shm/left', 'w')");

        Assert.Equal("[] [] []\n", (await _client.RunAsync("import os; print(os.listdir('/work'), os.listdir('/tmp'), os.listdir('/dev/shm'))")).Stdout());
    }

    [Theory]
    [InlineData("""{"code":"1"}""", "language")]
    [InlineData("""{"language":"python"}""", "code")]
    [InlineData("""{"code":"1","language":"cobol"}""", "language")]
    [InlineData("""{"code":"1","language":"python","run_timeout":0}""", "run_timeout")]
    [InlineData("""{"code":"1","language":"python","run_timeout":100000}""", "run_timeout")]
    [InlineData("""{"code":"1","language":"python","memory_limit_MB":1000000}""", "memory_limit_MB")]
    [InlineData("""{"code":"1","language":"python","files":{"../x":""}}""", "files.../x")]
    [InlineData("""{"code":"1","language":"python","files":{"/etc/x":""}}""", "files./etc/x")]
    [InlineData("""{"code":"1","language":"python","files":{"x":"%"}}""", "files.x")]
    [InlineData("""{"code":"1","language":"python","fetch_files":[null]}""", "fetch_files")]
    [InlineData("""{"code":"1","language":"python","fetch_files":["/proc/self/environ"]}""", "fetch_files")]
    public async Task What_cannot_be_is_422_and_names_the_parameter(string request, string param)
    {
        var answer = await _client.PostAsync("/run_code", JsonNode.Parse(request)!.AsObject(), HttpStatusCode.UnprocessableEntity);

        Assert.Equal(param, answer.GetProperty("error").Text("param"));
    }

    [Fact]
    public async Task Ping_answers_pong()
    {
        using var anonymous = service.Anonymous();

        Assert.Equal("\"pong\"", await anonymous.GetStringAsync(new Uri("/v1/ping", UriKind.Relative)));
    }
}
