using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using JanServer.Identity.Clients;
using JanServer.Identity.Realms;
using JanServer.Identity.Sessions;
using JanServer.Identity.Users;

namespace JanServer.Identity.Tokens;

/// <summary>What a token is about.</summary>
internal sealed record TokenSubject(Realm Realm, Client Client, User User, Memberships Memberships, Session Session, string Scope, string Acr);

/// <summary>Writes the claims under Keycloak's names.</summary>
internal static class AccessTokenClaims
{
    public static void Write(
        Utf8JsonWriter json, TokenSubject subject, IReadOnlyList<string> audiences, Guid jti, DateTimeOffset now, DateTimeOffset expires)
    {
        WriteCommon(json, subject, jti, now, expires);
        json.WriteString("typ", "Bearer");
        WriteAudience(json, audiences);
        json.WriteString("scope", subject.Scope);
        WriteMemberships(json, subject.Memberships);
        WriteProfile(json, subject.User);
    }

    public static void WriteId(Utf8JsonWriter json, TokenSubject subject, string? nonce, string accessToken, Guid jti, DateTimeOffset now, DateTimeOffset expires)
    {
        WriteCommon(json, subject, jti, now, expires);
        json.WriteString("typ", "ID");
        json.WriteString("aud", subject.Client.Id);
        json.WriteNumber("auth_time", subject.Session.AuthenticatedAt.ToUnixTimeSeconds());

        // OpenID Connect Core section 3.1.3.6: the left half of the digest that the signature uses.
        json.WriteString("at_hash", Base64UrlText.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)).AsSpan(0, 16)));
        if (nonce is not null)
        {
            json.WriteString("nonce", nonce);
        }

        WriteProfile(json, subject.User);
    }

    public static void WriteService(
        Utf8JsonWriter json, Realm realm, Client client, IReadOnlyList<string> audiences, string scope, Guid jti, DateTimeOffset now, DateTimeOffset expires)
    {
        json.WriteNumber("exp", expires.ToUnixTimeSeconds());
        json.WriteNumber("iat", now.ToUnixTimeSeconds());
        json.WriteString("jti", jti);
        json.WriteString("iss", realm.Issuer);
        json.WriteString("sub", ServiceAccount.IdOf(realm, client));
        json.WriteString("typ", "Bearer");
        json.WriteString("azp", client.Id);
        json.WriteString("acr", "1");
        WriteAudience(json, audiences);
        json.WriteString("scope", scope);
        WriteStrings(json.WriteAccess("realm_access"), "roles", []).WriteEndObject();
        json.WriteStartObject("resource_access");
        WriteStrings(json.WriteAccess(ServiceAccount.RealmManagement), "roles", [.. client.Settings.ServiceAccountRoles]).WriteEndObject();
        json.WriteEndObject();
        json.WriteBoolean("email_verified", false);
        json.WriteString("preferred_username", ServiceAccount.UsernameOf(client));
        json.WriteString("client_id", client.Id);
    }

    public static void WriteMemberships(Utf8JsonWriter json, Memberships memberships)
    {
        WriteStrings(json.WriteAccess("realm_access"), "roles", memberships.Roles).WriteEndObject();
        WriteStrings(json, "groups", memberships.Groups);
        WriteStrings(json, "feature_flags", memberships.FeatureFlags);
    }

    public static void WriteProfile(Utf8JsonWriter json, User user)
    {
        json.WriteString("preferred_username", user.Username);
        json.WriteBoolean("email_verified", user.EmailConfirmed);
        WriteIfSet(json, "email", user.Email);
        WriteIfSet(json, "name", string.Join(' ', new[] { user.FirstName, user.LastName }.Where(part => !string.IsNullOrEmpty(part))));
        WriteIfSet(json, "given_name", user.FirstName);
        WriteIfSet(json, "family_name", user.LastName);
        if (user.Attribute("guest") is { } guest)
        {
            json.WriteBoolean("guest", string.Equals(guest, "true", StringComparison.OrdinalIgnoreCase));
        }

        WriteIfSet(json, "pid", user.Attribute("pid"));
    }

    private static void WriteCommon(Utf8JsonWriter json, TokenSubject subject, Guid jti, DateTimeOffset now, DateTimeOffset expires)
    {
        json.WriteNumber("exp", expires.ToUnixTimeSeconds());
        json.WriteNumber("iat", now.ToUnixTimeSeconds());
        json.WriteString("jti", jti);
        json.WriteString("iss", subject.Realm.Issuer);
        json.WriteString("sub", subject.User.Id);
        json.WriteString("azp", subject.Client.Id);
        json.WriteString("sid", subject.Session.Id);
        json.WriteString("acr", subject.Acr);
    }

    /// <summary>One audience is a string, several are an array: Keycloak's form, and RFC 7519's.</summary>
    private static void WriteAudience(Utf8JsonWriter json, IReadOnlyList<string> audiences)
    {
        if (audiences is [var only])
        {
            json.WriteString("aud", only);
            return;
        }

        WriteStrings(json, "aud", audiences);
    }

    private static Utf8JsonWriter WriteAccess(this Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        return json;
    }

    private static Utf8JsonWriter WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
        return json;
    }

    private static void WriteIfSet(Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(name, value);
        }
    }
}
