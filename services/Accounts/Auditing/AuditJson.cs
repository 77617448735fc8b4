using System.Text.Json.Serialization;
using JanServer.ServiceDefaults.Paging;

namespace JanServer.Accounts.Auditing;

/// <summary>Serializes what the endpoints of the audit log write.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Page<AuditLog>))]
internal sealed partial class AuditJson : JsonSerializerContext;
