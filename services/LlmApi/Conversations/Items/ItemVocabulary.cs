using System.Collections.Frozen;

namespace JanServer.LlmApi.Conversations.Items;

/// <summary>The closed sets of words that items are described with.</summary>
internal static class ItemVocabulary
{
    public const string Message = "message";
    public const string McpCall = "mcp_call";

    public const string User = "user";
    public const string Assistant = "assistant";
    public const string Tool = "tool";

    public const string InProgress = "in_progress";
    public const string Completed = "completed";
    public const string Incomplete = "incomplete";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";

    public static FrozenSet<string> Types { get; } = Set(
        Message, "function_call", "function_call_output", "reasoning", "file_search_call", "web_search_call", "image_generation_call",
        "image_edit_call", "computer_call", "computer_call_output", "code_interpreter_call", "local_shell_call", "local_shell_call_output",
        "shell_call", "shell_call_output", "apply_patch_call", "apply_patch_call_output", "mcp_list_tools", "mcp_approval_request",
        "mcp_approval_response", McpCall, "custom_tool_call", "custom_tool_call_output", "tool_search_call", "tool_search_output",
        "compaction", "file_search", "web_search", "code_interpreter", "computer_use", "mcp_item", "image_generation");

    public static FrozenSet<string> Roles { get; } =
        Set("system", User, Assistant, Tool, "developer", "critic", "discriminator", "unknown");

    public static FrozenSet<string> Statuses { get; } = Set(
        Incomplete, InProgress, Completed, Failed, Cancelled, "searching", "generating", "calling", "streaming", "interpreting",
        "rate_limited");

    /// <summary>Whether nothing more happens to an item of this status.</summary>
    public static bool IsFinal(string status) => status is Completed or Incomplete or Failed or Cancelled;

    private static FrozenSet<string> Set(params string[] words) => words.ToFrozenSet(StringComparer.Ordinal);
}
