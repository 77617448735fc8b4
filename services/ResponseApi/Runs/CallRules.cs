using System.Globalization;
using JanServer.ResponseApi.Events;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Tools;

namespace JanServer.ResponseApi.Runs;

/// <summary>Why a call is not made.</summary>
/// <param name="Status">The status in its record.</param>
/// <param name="Message">What the model is told.</param>
/// <param name="Limit">The limit that ends the use of tools; null for none.</param>
internal sealed record CallRefusal(string Status, string Message, string? Limit = null);

/// <summary>Which calls of a model are made. All is decided from the record of the calls before, so that a run that is taken up decides the same.</summary>
internal sealed class CallRules(Response response, ToolSet tools, AgentOptions options)
{
    private const int MaxNamesTold = 50;

    private readonly List<ToolExecution> _made = response.Progress.Executions;

    /// <summary>Why the call is not made; null when it is.</summary>
    public CallRefusal? Check(CallWriter call)
    {
        if (call.Binding is null)
        {
            return new(ToolStatus.Failed, $"There is no tool '{call.Name}'. {Known()}");
        }

        if (Rounds() > options.MaxToolDepth)
        {
            return new(ToolStatus.Cancelled, "This call was not made: tools were used as many times in a row as is allowed.", "max_tool_depth");
        }

        if (response.Request.MaxToolCalls is { } most && Made() >= most)
        {
            return new(ToolStatus.Cancelled, Told($"This call was not made: a response may have {most} tool calls."), "max_tool_calls");
        }

        if (_made.Count(one => one.ModelCall == response.Progress.ModelCalls) >= options.MaxCallsPerAnswer)
        {
            return new(ToolStatus.Cancelled, Told($"This call was not made: at most {options.MaxCallsPerAnswer} are made at once."));
        }

        var arguments = call.Arguments;
        if (!string.IsNullOrWhiteSpace(arguments) && !ItemTexts.IsObject(arguments))
        {
            return new(ToolStatus.Failed, "This call was not made: its arguments are not a JSON object. Write them as one and call again.");
        }

        return CheckRepeated(call.Name, arguments);
    }

    private CallRefusal? CheckRepeated(string name, string arguments)
    {
        var same = _made.Where(one => one.ToolName == name && one.Arguments.Trim() == arguments.Trim()).ToList();
        var count = same.Count(one => one.Status != ToolStatus.Cancelled);
        if (count < options.RepeatedCalls)
        {
            return null;
        }

        var wasTold = same.Any(one => one.Status == ToolStatus.Cancelled && one.ModelCall < response.Progress.ModelCalls);
        return new(
            ToolStatus.Cancelled,
            Told($"This call was not made: you have made the same call with the same arguments {count} times. Use the results that you have, or try something else."),
            wasTold ? "repeated_tool_calls" : null);
    }

    /// <summary>The model calls that asked for tools, the current one included.</summary>
    private int Rounds() => _made.Select(one => one.ModelCall).Append(response.Progress.ModelCalls).Where(call => call > 0).Distinct().Count();

    private int Made() => _made.Count(one => one.Status != ToolStatus.Cancelled);

    private string Known() => tools.Bindings.Count == 0
        ? "There are no tools."
        : $"The tools are: {string.Join(", ", tools.Bindings.Keys.Take(MaxNamesTold))}.";

    private static string Told(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
