using System.Text.Json;

namespace JanServer.Accounts.Auditing;

/// <summary>What a handler says about the request at hand for the audit log; one per request.</summary>
internal sealed class AuditTrail
{
    /// <summary>What it is done to, when the path does not say.</summary>
    public string? ResourceId { get; set; }

    /// <summary>What is asked for; a handler leaves secrets out.</summary>
    public JsonElement? Payload { get; set; }
}
