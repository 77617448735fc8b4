using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.McpTools.Calls;

/// <summary>What a conversation in llm-api is to be told about a call: a row of <c>call_reports</c>.</summary>
internal sealed record CallReport(Guid Id, DateTimeOffset CreatedAt, string Caller, string ConversationId, string CallId, string Body, int Attempts = 0)
{
    // llm-api takes no more.
    private const int MaxText = 1_000_000;
    private const int MaxId = 256;
    private const string OurLabel = "Jan MCP Server";

    /// <summary>The report of a call; null when nobody is to be told.</summary>
    public static CallReport? Of(ITool tool, ToolCall call, CallOutcome outcome, DateTimeOffset now)
    {
        if (call is not { ConversationId: { Length: > 0 and <= MaxId } conversation, CallId: { Length: > 0 and <= MaxId } id })
        {
            return null;
        }

        var text = Storable(CallText.Of(outcome.Result));
        var failed = outcome.Status is not CallStatus.Succeeded;
        var body = new CallUpdate(
            outcome.Status switch
            {
                CallStatus.Succeeded => "completed",
                CallStatus.Cancelled => "cancelled",
                _ => "failed",
            },
            failed ? null : text,
            failed ? text : null,
            call.Name,
            Storable(call.Arguments.GetRawText()),
            tool.Provider ?? OurLabel);
        return new(
            Guid.CreateVersion7(now), now, ReportedCaller.Write(call.Caller), Storable(conversation), Storable(id), JsonSerializer.Serialize(body, CallJson.Default.CallUpdate));
    }

    private static string Storable(string text) => (text.Length > MaxText ? text[..MaxText] : text).Replace("\0", "", StringComparison.Ordinal);
}

/// <summary>The body of llm-api's <c>PATCH /v1/conversations/{id}/items/by-call-id/{call}</c>.</summary>
internal sealed record CallUpdate(string Status, string? Output, string? Error, string Name, string Arguments, string ServerLabel);

/// <summary>
/// Who called, as far as llm-api must know it to write into the caller's conversation later. It is not a credential: the report is this
/// service's, which vouches for the caller as long as the report waits.
/// </summary>
internal sealed record ReportedCaller(Guid User, Guid Organization, Guid Project, Guid? ApiKey, string Subject, AuthMethod Method)
{
    public static string Write(Caller caller) => JsonSerializer.Serialize(
        new ReportedCaller(
            caller.UserId.Value, caller.OrganizationId.Value, caller.ProjectId.Value, caller.ApiKeyId?.Value, caller.Subject, caller.Method),
        CallJson.Default.ReportedCaller);

    /// <summary>The caller, who may write into conversations and nothing else.</summary>
    public static Caller Read(string json)
    {
        var caller = JsonSerializer.Deserialize(json, CallJson.Default.ReportedCaller) ?? throw new JsonException("A stored caller is null.");
        return new()
        {
            UserId = new(caller.User),
            OrganizationId = new(caller.Organization),
            ProjectId = new(caller.Project),
            ApiKeyId = caller.ApiKey is { } key ? new Id<ApiKeyRef>(key) : null,
            Subject = caller.Subject,
            Method = caller.Method,
            Scopes = new HashSet<string>(StringComparer.Ordinal) { Scopes.Conversations },
        };
    }
}
