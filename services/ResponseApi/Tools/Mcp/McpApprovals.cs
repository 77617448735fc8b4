using System.Text.Json;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Tools.Reading;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Tools.Mcp;

/// <summary>Asks whether calls may be made, and finds out which the input approves or denies.</summary>
internal static class McpApprovals
{
    private const string RequestType = "mcp_approval_request";

    private const string ResponseType = "mcp_approval_response";

    /// <summary>
    /// The decisions of this request's input, in order. The request that one answers must be in the context, or before it in the input, and
    /// must not have been answered before.
    /// </summary>
    public static (IReadOnlyList<ApprovedCall>? Calls, ApiError? Error) Read(ToolSetBuilder set)
    {
        var requests = set.Response.Context.Select(item => item.Item).Where(IsRequest).ToList();
        var answered = set.Response.Context.Select(item => item.Item).Where(IsResponse).Select(RequestOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var calls = new List<ApprovedCall>();
        for (var i = 0; i < set.Response.Input.Count; i++)
        {
            var item = set.Response.Input[i].Item;
            if (IsRequest(item))
            {
                requests.Add(item);
            }
            else if (IsResponse(item))
            {
                var (call, error) = Decide(set, item, requests, answered, $"input[{i}]");
                if (call is null)
                {
                    return (null, error);
                }

                calls.Add(call);
            }
        }

        return (calls, null);
    }

    /// <summary>Shows <c>mcp_approval_request</c>, with which the response ends.</summary>
    public static async ValueTask<ToolOutcome> AskAsync(IApprovable tool, ToolInvocation invocation, IItemOutput output, CancellationToken ct)
    {
        var request = ItemJson.Build(json =>
        {
            json.WriteString("id", invocation.ItemId);
            json.WriteString("type", RequestType);
            json.WriteString("server_label", tool.Label);
            json.WriteString("name", tool.ToolName);
            json.WriteString("arguments", invocation.Arguments);
        });
        await output.AddAsync(request, ct);
        return new("The user is asked whether this call may be made.", request) { AwaitsClient = true };
    }

    private static (ApprovedCall? Call, ApiError? Error) Decide(
        ToolSetBuilder set, JsonElement item, IReadOnlyList<JsonElement> requests, HashSet<string> answered, string path)
    {
        var param = $"{path}.approval_request_id";
        if (RequestOf(item) is not { } id)
        {
            return (null, ApiError.Missing(param));
        }

        var request = requests.LastOrDefault(known => known.Text("id") == id);
        if (request.ValueKind is not JsonValueKind.Object)
        {
            return (null, ApiError.Invalid(param, $"There is no approval request '{id}' in the context of this response."));
        }

        if (!answered.Add(id))
        {
            return (null, ApiError.Invalid(param, $"The approval request '{id}' has been answered already."));
        }

        if (!item.TryGetProperty("approve", out var approve) || approve.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            return (null, ApiError.Invalid($"{path}.approve", "It must be true or false."));
        }

        var binding = set.Bindings.Values.OfType<IApprovable>().FirstOrDefault(one =>
            one.Label == request.Text("server_label") && one.ToolName == request.Text("name"));
        if (binding is null)
        {
            return (null, ApiError.Invalid(param, $"The tool that the approval request '{id}' is about is not among the tools of this request."));
        }

        return (new(id, binding.Function.Name, request.Text("arguments") ?? "", approve.GetBoolean(), item.Text("reason")), null);
    }

    private static bool IsRequest(JsonElement item) => item.Text("type") is RequestType;

    private static bool IsResponse(JsonElement item) => item.Text("type") is ResponseType;

    private static string? RequestOf(JsonElement response) => response.Text("approval_request_id");
}
