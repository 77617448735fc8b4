namespace JanServer.LlmApi.Models;

/// <summary>Model ids in paths.</summary>
internal static class ModelIds
{
    /// <summary>The id at the end of a path; routing leaves an escaped slash escaped.</summary>
    public static string FromPath(string id) => id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
