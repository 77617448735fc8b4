using System.Net;
using System.Text.Json.Nodes;
using JanServer.Sandbox.Tests.Fixtures;
using JanServer.Testing;
using JanServer.Testing.Requirements;

namespace JanServer.Sandbox.Tests.Sessions;

public sealed class SessionTests(SandboxService service) : IClassFixture<SandboxService>
{
    private readonly SandboxClient _client = service.NewUser();

    [SandboxFact]
    public async Task Cells_share_an_interpreter_and_show_what_Jupyter_shows()
    {
        var run = await _client.RunCellsAsync(
            null, ["a = 123", "a", "print(a)", "import sys; _ = sys.stderr.write('problem')", "raise RuntimeError('wrong')", "a + 1", "import os; _ = os.system('echo child')"]);

        Assert.Equal("Success", run.Text("status"));
        Assert.False(run.TryGetProperty("session_id", out _));
        Assert.Equal(7, run.GetProperty("cells").GetArrayLength());
        Assert.Equal("123", run.Cell(1).Shown());
        Assert.Equal("123\n", run.Cell(2).Text("stdout"));
        Assert.Equal("problem", run.Cell(3).Text("stderr"));
        var error = run.Cell(4).GetProperty("error")[0];
        Assert.Equal(("RuntimeError", "wrong"), (error.Text("ename"), error.Text("evalue")));
        Assert.Contains("<cell 5>", error.GetProperty("traceback")[1].GetString(), StringComparison.Ordinal);
        Assert.Equal("124", run.Cell(5).Shown());
        Assert.Equal("child\n", run.Cell(6).Text("stdout"));
    }

    [SandboxFact]
    public async Task A_session_keeps_variables_and_files()
    {
        var id = await BeginAsync("x = 41\nopen('kept', 'w').write('k')");

        var run = await _client.RunCellsAsync(id, ["x + 1", "open('kept').read()"]);

        Assert.Equal("42", run.Cell().Shown());
        Assert.Equal("'k'", run.Cell(1).Shown());
        Assert.Equal(id, run.Text("session_id"));
        Assert.Equal(600, run.GetProperty("session_expires_in").GetInt32());
    }

    [SandboxFact]
    public async Task Files_come_in_and_new_ones_go_out_of_each_request()
    {
        var id = await BeginAsync("open('old', 'w').write('o')");

        var run = await _client.RunCellsAsync(
            id,
            ["open('first', 'w').write(open('d/in.txt').read())", "open('second', 'w').write('2')"],
            new() { ["files"] = new JsonObject { ["d/in.txt"] = "aW4=" }, ["fetch_new_files"] = true, ["fetch_files"] = new JsonArray("old", "none") });

        Assert.Equal(["first", "old", "second"], run.GetProperty("files").EnumerateObject().Select(file => file.Name).Order());
        Assert.Equal("in", run.File("first"));
        Assert.Equal("none", Assert.Single(run.GetProperty("skipped_files").EnumerateArray()).Text("path"));
    }

    [SandboxFact]
    public async Task Figures_and_pictures_are_displayed()
    {
        var run = await _client.RunCellsAsync(null, ["class P:\n  def _repr_png_(self): return b'png'\nP()", "display(1, 'two')"]);

        Assert.Equal("cG5n", run.Cell().GetProperty("display")[0].GetProperty("data").Text("image/png"));
        Assert.Equal("'two'", run.Cell(1).GetProperty("display")[1].GetProperty("data").Text("text/plain"));
    }

    [SandboxFact]
    public async Task A_session_of_another_is_missing()
    {
        var id = await BeginAsync("secret = 1");
        using var other = service.NewUser();

        var answer = await other.RunCellsAsync(id, ["secret"], status: HttpStatusCode.NotFound);
        var never = await _client.RunCellsAsync("sess_never", ["1"], status: HttpStatusCode.NotFound);

        Assert.Equal("session_id", answer.GetProperty("error").Text("param"));
        Assert.Contains("session_id 'new'", never.GetProperty("error").Text("message"), StringComparison.Ordinal);
        Assert.Equal("1", (await _client.RunCellsAsync(id, ["secret"])).Cell().Shown());
    }

    [SandboxFact]
    public async Task A_cell_that_takes_too_long_is_ended_and_the_session_goes_on()
    {
        var id = await BeginAsync("x = 1");

        var slow = await _client.RunCellsAsync(id, ["print('a')\nwhile True: pass", "print('never')"], new() { ["cell_timeout"] = 0.5 });

        Assert.Equal("Failed", slow.Text("status"));
        Assert.Equal("TimeLimitExceeded", slow.GetProperty("driver").Text("status"));
        Assert.Equal("a\n", Assert.Single(slow.GetProperty("cells").EnumerateArray()).Text("stdout"));
        Assert.Equal("TimeoutError", slow.Cell().GetProperty("error")[0].Text("ename"));
        Assert.Equal("1", (await _client.RunCellsAsync(id, ["x"])).Cell().Shown());
    }

    [SandboxTheory]
    [InlineData("import os; os._exit(3)", "it ended")]
    [InlineData("import signal; signal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass", "its cell went on after its time was over")]
    [InlineData("import os; os.pwrite(6, b'{' * 99999, 0); os.ftruncate = os.pwrite = lambda *a: 99999999", "it answered what cannot be read")]
    [InlineData("display.__globals__['displays'].append(eval('[' * 80 + ']' * 80))", "it answered what cannot be read")]
    [InlineData("x = [bytearray(50_000_000) for _ in range(100)]", "memory")]
    public async Task A_session_that_misbehaves_is_killed_and_gone(string code, string why)
    {
        var id = await BeginAsync("x = 1");

        var run = await _client.RunCellsAsync(id, [code], new() { ["total_timeout"] = 3 });

        if (why != "memory" || run.Text("status") == "Failed")
        {
            Assert.Contains(why, run.Text("message"), StringComparison.Ordinal);
            Assert.False(run.TryGetProperty("session_id", out _));
            await _client.RunCellsAsync(id, ["1"], status: HttpStatusCode.NotFound);
        }
        else
        {
            // Without a control group the address space may end first, which Python survives.
            Assert.Equal("MemoryError", run.Cell().GetProperty("error")[0].Text("ename"));
        }
    }

    [SandboxFact]
    public async Task Output_of_a_cell_is_cut()
    {
        var run = await _client.RunCellsAsync(null, ["print('x' * 1_000_000)", "print('short')"]);

        Assert.True(run.Cell().GetProperty("stdout_truncated").GetBoolean());
        Assert.InRange(run.Cell().Text("stdout").Length, 200_000, 300_000);
        Assert.Equal("short\n", run.Cell(1).Text("stdout"));
    }

    [SandboxFact]
    public async Task An_owner_has_few_sessions_and_the_oldest_makes_room()
    {
        var first = await BeginAsync("1");
        var second = await BeginAsync("2");
        await _client.RunCellsAsync(first, ["used again"]);

        var third = await BeginAsync("3");

        await _client.RunCellsAsync(second, ["1"], status: HttpStatusCode.NotFound);
        await _client.RunCellsAsync(first, ["1"]);
        await _client.RunCellsAsync(third, ["1"]);
    }

    [SandboxFact]
    public async Task A_name_of_the_clients_own_begins_a_session_and_goes_on_with_it()
    {
        var begun = await _client.RunCellsAsync("cntr_mine", ["x = 1"]);
        var gone = await _client.RunCellsAsync("cntr_mine", ["x"]);
        using var other = service.NewUser();
        var others = await other.RunCellsAsync("cntr_mine", ["x"]);

        Assert.Equal(("cntr_mine", true), (begun.Text("session_id"), begun.GetProperty("session_created").GetBoolean()));
        Assert.Equal(("1", false), (gone.Cell().Shown(), gone.GetProperty("session_created").GetBoolean()));
        Assert.True(others.GetProperty("session_created").GetBoolean());
        Assert.Equal("NameError", others.Cell().GetProperty("error")[0].Text("ename"));

        await _client.RunCellsAsync("cntr_mine", ["import os; os._exit(1)"]);
        Assert.True((await _client.RunCellsAsync("cntr_mine", ["1"])).GetProperty("session_created").GetBoolean());
    }

    [SandboxFact]
    public async Task Requests_of_a_session_run_one_after_the_other()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _client.RunCellsAsync(
            "shared", ["n = globals().get('n', 0)\nimport time; time.sleep(0.1)\nn += 1\nn"])));

        Assert.Equal(["1", "2", "3", "4"], runs.Select(run => run.Cell().Shown()).Order());
        Assert.Single(runs, run => run.GetProperty("session_created").GetBoolean());
    }

    [SandboxFact]
    public async Task A_request_does_not_wait_for_a_session_for_ever()
    {
        await using var sandbox = await SandboxProcess.StartAsync(asRoot: false, ("Sandbox:Sessions:TurnSeconds", "1"));
        var name = SandboxProcess.NewName();
        var slow = sandbox.Client.RunCellsAsync("one", [$"import ctypes, time\n_ = ctypes.CDLL(None).prctl(15, b'{name}')\ntime.sleep(4)"]);
        await Eventually.True(() => SandboxProcess.CountProcesses(name) == 1);

        var refused = await sandbox.Client.RunCellsAsync("one", ["1"], status: HttpStatusCode.Conflict);

        Assert.Equal("session_id", refused.GetProperty("error").Text("param"));
        await slow.Soon();
        Assert.Equal("1", (await sandbox.Client.RunCellsAsync("one", ["1"])).Cell().Shown());
    }

    [SandboxFact]
    public async Task Sessions_end_without_use_and_are_not_more_than_the_server_keeps()
    {
        await using var sandbox = await SandboxProcess.StartAsync(
            asRoot: false, ("Sandbox:Sessions:IdleSeconds", "2"), ("Sandbox:Sessions:Max", "1"), ("Sandbox:Sessions:MaxPerOwner", "5"));
        var name = SandboxProcess.NewName();
        var begun = await sandbox.Client.RunCellsAsync("new", [$"import ctypes\nctypes.CDLL(None).prctl(15, b'{name}')"]);
        using var refused = await sandbox.Client.SendAsync("/run_jupyter", new() { ["cells"] = new JsonArray("1"), ["session_id"] = "new" });
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);

        await Eventually.True(() => SandboxProcess.CountProcesses(name) == 0);

        await sandbox.Client.RunCellsAsync(begun.Text("session_id"), ["1"], status: HttpStatusCode.NotFound);
        await sandbox.Client.RunCellsAsync("new", ["1"]);
    }

    [Theory]
    [InlineData("""{}""", "cells")]
    [InlineData("""{"cells":["1"],"kernel":"julia"}""", "kernel")]
    [InlineData("""{"cells":["1"],"total_timeout":100000}""", "total_timeout")]
    [InlineData("""{"cells":["1"],"cell_timeout":100000}""", "cell_timeout")]
    [InlineData("""{"cells":["1"],"session_id":"a/b"}""", "session_id")]
    [InlineData("""{"cells":["1"],"files":{"../../etc/x":""}}""", "files.../../etc/x")]
    public async Task What_cannot_be_is_422_and_names_the_parameter(string request, string param)
    {
        var answer = await _client.PostAsync("/run_jupyter", JsonNode.Parse(request)!.AsObject(), HttpStatusCode.UnprocessableEntity);

        Assert.Equal(param, answer.GetProperty("error").Text("param"));
    }

    private async Task<string> BeginAsync(string cell) => (await _client.RunCellsAsync("new", [cell])).Text("session_id");
}
