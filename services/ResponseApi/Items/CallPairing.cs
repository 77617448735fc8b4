using System.Globalization;
using JanServer.ResponseApi.Runs;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Items;

/// <summary>Checks, as OpenAI does, that every call of a client's tool has its output and every output its call.</summary>
internal static class CallPairing
{
    /// <summary>What is missing, as a 400; null when nothing is.</summary>
    /// <param name="context">The items before the request's, oldest first.</param>
    /// <param name="input">The items of the request, with references replaced by what they refer to.</param>
    public static ApiError? Check(IReadOnlyList<ContextItem> context, IReadOnlyList<ContextItem> input)
    {
        var open = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (item, _) in context)
        {
            Count(open, item.TypeOf(), item.Text("call_id") ?? "", item.Text("status"));
        }

        for (var i = 0; i < input.Count; i++)
        {
            var item = input[i].Item;
            var callId = item.Text("call_id") ?? "";
            if (!Count(open, item.TypeOf(), callId, item.Text("status")))
            {
                return ApiError.Invalid(
                    string.Create(CultureInfo.InvariantCulture, $"input[{i}].call_id"),
                    $"No tool call found for the output with call_id {callId}.");
            }
        }

        return open.FirstOrDefault(one => one.Value > 0) is { Key: { } missing }
            ? ApiError.Invalid("input", $"No tool output found for the call {missing}.")
            : null;
    }

    private static bool Count(Dictionary<string, int> open, string type, string callId, string? status)
    {
        switch (type)
        {
            case "function_call" or "custom_tool_call" when status != "incomplete":
                open[callId] = open.GetValueOrDefault(callId) + 1;
                return true;
            case "function_call_output" or "custom_tool_call_output":
                return open.GetValueOrDefault(callId) > 0 && open[callId]-- > 0;
            default:
                return true;
        }
    }
}
