namespace JanServer.ResponseApi.Tools;

/// <summary>What <c>tool_choice</c> calls tools.</summary>
internal static class ToolNames
{
    public static string Key(string type, string? name = null, string? serverLabel = null) => $"{type}\n{serverLabel}\n{name}";
}
