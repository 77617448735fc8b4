using JanServer.ResponseApi.Requests;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Tools.Reading;

/// <summary>Turns a <c>tool_choice</c> into names of functions, once it is known which there are.</summary>
internal static class ToolChoices
{
    public static (ToolChoice? Choice, ApiError? Error) Resolve(ToolSetBuilder set, ToolChoiceRequest request)
    {
        var mode = request.Mode switch
        {
            ToolMode.None => ToolChoice.None,
            ToolMode.Required => ToolChoice.Required,
            _ => ToolChoice.Auto,
        };
        if (request.Only is not { } only)
        {
            return (mode, null);
        }

        var functions = new List<string>();
        foreach (var selector in only)
        {
            var named = set.Named(selector);
            if (named.Count == 0 && !set.IsOutOfReach(selector))
            {
                return (null, ApiError.Invalid("tool_choice", $"There is no tool '{selector.Name ?? selector.ServerLabel ?? selector.Type}' to choose."));
            }

            functions.AddRange(named);
        }

        // A server that cannot be asked has no tools to insist on; the model is told about it.
        return (functions.Count == 0 && mode.Mode is "required" ? ToolChoice.Auto : mode with { Functions = functions }, null);
    }
}
