using System.Collections.Frozen;
using JanServer.Contracts.Ids;

namespace JanServer.ResponseApi.Items;

/// <summary>New ids of items and calls: OpenAI's prefixes, and the digits of our own ids.</summary>
internal static class ItemIds
{
    private static readonly FrozenDictionary<string, string> Prefixes = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["message"] = "msg",
        ["reasoning"] = "rs",
        ["function_call"] = "fc",
        ["function_call_output"] = "fco",
        ["custom_tool_call"] = "ctc",
        ["custom_tool_call_output"] = "ctco",
        ["web_search_call"] = "ws",
        ["file_search_call"] = "fs",
        ["code_interpreter_call"] = "ci",
        ["image_generation_call"] = "ig",
        ["mcp_list_tools"] = "mcpl",
        ["mcp_call"] = "mcp",
        ["mcp_approval_request"] = "mcpr",
        ["mcp_approval_response"] = "mcpa",
        ["compaction"] = "cmp",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>An id for an item of <paramref name="type"/>; ids sort by the time they were made at.</summary>
    public static string New(string type, TimeProvider clock) => Make(Prefixes.GetValueOrDefault(type, "item"), clock);

    /// <summary>An id that begins with <paramref name="prefix"/> and an underscore.</summary>
    public static string WithPrefix(string prefix, TimeProvider clock) => Make(prefix, clock);

    /// <summary>An id for a call whose model gave none, or one that was used before.</summary>
    public static string NewCall(TimeProvider clock) => Make("call", clock);

    private static string Make(string prefix, TimeProvider clock) =>
        string.Concat(prefix, Id<Numbered>.New(clock).ToString().AsSpan(Numbered.IdPrefix.Length));

    private sealed class Numbered : IIdentified
    {
        public static string IdPrefix => "item";
    }
}
