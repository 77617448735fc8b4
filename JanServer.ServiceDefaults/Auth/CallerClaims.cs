using System.Buffers;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;

namespace JanServer.ServiceDefaults.Auth;

/// <summary>The payload of a caller token. Audience and issuer are this deployment; both must be there.</summary>
internal static class CallerClaims
{
    private const string Deployment = "janserver";

    public static void Write(IBufferWriter<byte> writer, Caller caller, DateTimeOffset now, DateTimeOffset expires)
    {
        using var json = new Utf8JsonWriter(writer);
        json.WriteStartObject();
        json.WriteString("iss"u8, Deployment);
        json.WriteString("aud"u8, Deployment);
        json.WriteNumber("iat"u8, now.ToUnixTimeSeconds());
        json.WriteNumber("exp"u8, expires.ToUnixTimeSeconds());
        json.WriteString("sub"u8, caller.Subject);
        json.WriteNumber("amr"u8, (int)caller.Method);
        WriteId("user"u8, caller.UserId);
        WriteId("org"u8, caller.OrganizationId);
        WriteId("project"u8, caller.ProjectId);
        WriteId("key"u8, caller.ApiKeyId ?? Id<ApiKeyRef>.None);
        WriteText("preferred_username"u8, caller.Username);
        WriteText("email"u8, caller.Email);
        WriteText("name"u8, caller.Name);
        WriteList("roles"u8, caller.Roles);
        WriteList("scopes"u8, caller.Scopes);
        WriteList("flags"u8, caller.Flags.Count > 0 ? caller.Flags : null);
        WriteList("models"u8, caller.Models);
        json.WriteEndObject();

        void WriteId<T>(ReadOnlySpan<byte> name, Id<T> id)
            where T : IIdentified
        {
            if (!id.IsNone)
            {
                json.WriteString(name, id.Value);
            }
        }

        void WriteText(ReadOnlySpan<byte> name, string? text)
        {
            if (text is not null)
            {
                json.WriteString(name, text);
            }
        }

        void WriteList(ReadOnlySpan<byte> name, IEnumerable<string>? values)
        {
            if (values is null)
            {
                return;
            }

            json.WriteStartArray(name);
            foreach (var value in values)
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
        }
    }

    /// <summary>Reads claims whose signature is already verified; false when they are expired or not for this deployment.</summary>
    public static bool TryRead(ReadOnlySpan<byte> claims, DateTimeOffset now, [NotNullWhen(true)] out Caller? caller)
    {
        string? issuer = null, audience = null, subject = null, username = null, email = null, name = null;
        long expires = 0;
        var method = AuthMethod.Jwt;
        Guid user = default, organization = default, project = default, key = default;
        List<string>? roles = null, scopes = null, flags = null, models = null;

        var reader = new Utf8JsonReader(claims);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var property = reader.GetString();
            reader.Read();
            switch (property)
            {
                case "iss": issuer = reader.GetString(); break;
                case "aud": audience = reader.GetString(); break;
                case "exp": expires = reader.GetInt64(); break;
                case "sub": subject = reader.GetString(); break;
                case "amr": method = (AuthMethod)reader.GetInt32(); break;
                case "user": user = reader.GetGuid(); break;
                case "org": organization = reader.GetGuid(); break;
                case "project": project = reader.GetGuid(); break;
                case "key": key = reader.GetGuid(); break;
                case "preferred_username": username = reader.GetString(); break;
                case "email": email = reader.GetString(); break;
                case "name": name = reader.GetString(); break;
                case "roles": roles = ReadList(ref reader); break;
                case "scopes": scopes = ReadList(ref reader); break;
                case "flags": flags = ReadList(ref reader); break;
                case "models": models = ReadList(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        caller = issuer == Deployment && audience == Deployment && subject is not null && expires > now.ToUnixTimeSeconds()
            ? new()
            {
                Subject = subject,
                Method = method,
                UserId = new(user),
                OrganizationId = new(organization),
                ProjectId = new(project),
                ApiKeyId = key == default ? null : new Id<ApiKeyRef>(key),
                Username = username,
                Email = email,
                Name = name,
                Roles = Set(roles, StringComparer.OrdinalIgnoreCase),
                Scopes = Set(scopes, StringComparer.Ordinal),
                Flags = Set(flags, StringComparer.OrdinalIgnoreCase),
                Models = models,
            }
            : null;
        return caller is not null;
    }

    // A HashSet, not a FrozenSet: it lives for one request, and freezing costs more than the lookups save.
    private static IReadOnlySet<string> Set(List<string>? values, StringComparer comparer) =>
        values is null ? FrozenSet<string>.Empty : new HashSet<string>(values, comparer);

    private static List<string> ReadList(ref Utf8JsonReader reader)
    {
        var values = new List<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            values.Add(reader.GetString()!);
        }

        return values;
    }
}
