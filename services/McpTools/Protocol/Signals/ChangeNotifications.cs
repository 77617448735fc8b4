using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Protocol.Signals;

/// <summary>Says signals in the words of MCP.</summary>
internal static class ChangeNotifications
{
    private static readonly SignalKind[] Lists = [SignalKind.ToolsChanged, SignalKind.PromptsChanged, SignalKind.ResourcesChanged];

    /// <summary>The notifications for signals. When some were missed, everything that the client wants to hear of may have changed.</summary>
    /// <param name="signals">What has been heard.</param>
    /// <param name="concerns">Whether the client wants to know of a change.</param>
    /// <param name="resources">The resources that it wants to hear of.</param>
    public static IEnumerable<(string Method, JsonNode? Parameters)> Of(
        IReadOnlyList<Signal> signals, Func<Signal, bool> concerns, IEnumerable<string> resources)
    {
        var changes = signals.Any(signal => signal.Kind == SignalKind.Missed)
            ? [.. Lists.Select(kind => new Signal(kind)), .. resources.Select(uri => new Signal(SignalKind.ResourceUpdated, Subject: uri))]
            : signals;
        return changes.Where(concerns).DistinctBy(signal => (signal.Kind, signal.Subject)).Select(Notification);
    }

    private static (string Method, JsonNode? Parameters) Notification(Signal signal) => signal.Kind switch
    {
        SignalKind.ToolsChanged => (NotificationMethods.ToolListChangedNotification, null),
        SignalKind.PromptsChanged => (NotificationMethods.PromptListChangedNotification, null),
        SignalKind.ResourcesChanged => (NotificationMethods.ResourceListChangedNotification, null),
        _ => (NotificationMethods.ResourceUpdatedNotification, new JsonObject { ["uri"] = signal.Subject }),
    };
}
