using System.Text.Encodings.Web;
using System.Text.Json;
using JanServer.McpTools.Tools;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Python;

/// <summary>
/// <c>python_exec</c>: programs in the sandbox. A program that fails has run: its output and return code are the result, which is no
/// error of the tool. What could not be run at all is one, and says why.
/// </summary>
internal sealed class PythonTool(
    SandboxClient sandbox, PythonArguments arguments, PythonResults results, IOptions<PythonOptions> options, TimeProvider clock) : ITool
{
    private const string NotConfigured =
        "no sandbox is configured. The operator must start one and set services:sandboxfusion:http:0, McpTools:Python:Url or SANDBOXFUSION_URL.";

    private const string SwitchedOff = "the operator has switched it off (McpTools:Python:Enabled).";

    // Quotes of tracebacks and letters of all languages as they are: models read the text.
    private static readonly PythonJson Json =
        new(new JsonSerializerOptions(PythonJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public Tool Definition { get; } = PythonDefinition.Create(options.Value.RequireApproval);

    public string? Unavailable => !options.Value.Enabled ? SwitchedOff : sandbox.IsConfigured ? null : NotConfigured;

    public async ValueTask<CallToolResult> CallAsync(ToolCall call, CancellationToken ct)
    {
        if (options.Value.RequireApproval && !PythonArguments.IsApproved(call.Arguments))
        {
            return ToolResults.Error(
                $"{PythonDefinition.Name} requires approval: nothing was run. Ask the user whether this code may be run, and then call again with approved set to true.");
        }

        var (program, wrong) = await arguments.ReadAsync(call.Arguments, ct);
        if (program is null)
        {
            return ToolResults.Error($"{PythonDefinition.Name}: {wrong}");
        }

        var (answer, failure) = await RunAsync(program, call, ct);
        return answer is null ? Failed(failure!)
            : answer.Status is "SandboxError" ? Failed($"the sandbox failed: {answer.Message}")
            : ToolResults.Of(await results.MakeAsync(program, answer, ct), Json.PythonResult);
    }

    private static CallToolResult Failed(string why) => ToolResults.Error($"{PythonDefinition.Name} cannot be used: {why}");

    private async Task<(SandboxAnswer? Answer, string? Failure)> RunAsync(PythonCall program, ToolCall call, CancellationToken ct)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var reporting = RunProgress.ReportAsync(call.Progress, program.Seconds, clock, over.Token);
        try
        {
            return program.SessionId is { } session
                ? await sandbox.RunAsync(
                    new SandboxCells([program.Code], program.Seconds, "python3", program.Files, program.OutputFiles, true, session), call.Caller, ct)
                : await sandbox.RunAsync(
                    new SandboxProgram(program.Code, program.Language, program.Seconds, program.Stdin, program.Files, program.OutputFiles, true), call.Caller, ct);
        }
        finally
        {
            await over.CancelAsync();
            await reporting;
        }
    }
}
