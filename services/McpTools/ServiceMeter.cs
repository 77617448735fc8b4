namespace JanServer.McpTools;

/// <summary>The meter of this service, which its features share.</summary>
internal static class ServiceMeter
{
    public const string Name = "JanServer.McpTools";
}
