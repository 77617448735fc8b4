using System.Buffers.Text;
using System.Text.Json;

namespace JanServer.Accounts.IdentityProvider;

/// <summary>
/// The claims of an access token that the identity provider has just handed over itself. Its signature is not checked: whoever
/// presents the token later is checked by the gateway and by every service.
/// </summary>
internal sealed record AccessToken(string? Issuer, string? Subject, DateTimeOffset? IssuedAt, bool ManagesUsers)
{
    private static readonly string[] UserManagers = ["manage-users", "realm-admin"];

    /// <summary>Reads the claims; null when the token is opaque.</summary>
    public static AccessToken? Read(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3 || !Base64Url.IsValid(parts[1]))
        {
            return null;
        }

        try
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
            var root = claims.RootElement;
            return root.ValueKind == JsonValueKind.Object
                ? new(Text(root, "iss"), Text(root, "sub"), Time(root, "iat"), MayManageUsers(root))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out var seconds) && seconds is >= 0 and <= uint.MaxValue
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static bool MayManageUsers(JsonElement claims) =>
        claims.TryGetProperty("resource_access", out var resources)
        && resources.ValueKind == JsonValueKind.Object
        && resources.TryGetProperty("realm-management", out var management)
        && management.ValueKind == JsonValueKind.Object
        && management.TryGetProperty("roles", out var roles)
        && roles.ValueKind == JsonValueKind.Array
        && roles.EnumerateArray().Any(role => role.ValueKind == JsonValueKind.String && UserManagers.Contains(role.GetString()));
}
