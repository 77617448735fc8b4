using System.Text.Json;
using JanServer.Contracts.Accounts;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.ResponseApi.Responses;

/// <summary>Who a response is made for, as the database keeps it: what is claimed, without the credential that proved it.</summary>
internal sealed record StoredCaller(AuthMethod Method, Principal Principal)
{
    public static string Write(Caller caller)
    {
        var principal = new Principal(
            caller.UserId,
            caller.OrganizationId,
            caller.ProjectId,
            caller.ApiKeyId,
            caller.Subject,
            caller.Username,
            caller.Email,
            caller.Name,
            [.. caller.Roles],
            [.. caller.Scopes],
            caller.Models,
            ExpiresAt: null,
            [.. caller.Flags]);
        return JsonSerializer.Serialize(new StoredCaller(caller.Method, principal), ResponseStoreJson.Default.StoredCaller);
    }

    public static Caller Read(string json)
    {
        var stored = JsonSerializer.Deserialize(json, ResponseStoreJson.Default.StoredCaller)
            ?? throw new InvalidOperationException("A stored caller is empty.");
        return Caller.From(stored.Principal, stored.Method);
    }
}
