using ModelContextProtocol;

namespace JanServer.McpTools.Search.Providers;

/// <summary>Tells a client whom a call asks now.</summary>
internal static class ProviderProgress
{
    /// <summary>Says that a provider is asked.</summary>
    /// <param name="progress">Null when the client did not ask for it.</param>
    /// <param name="provider">Its name.</param>
    /// <param name="before">How many were asked before it.</param>
    /// <param name="total">How many there are.</param>
    public static void Asking(this IProgress<ProgressNotificationValue>? progress, string provider, int before, int total) =>
        progress?.Report(new() { Progress = before, Total = total, Message = provider == ProviderNames.Direct ? "Reading the page" : $"Asking {provider}" });
}
