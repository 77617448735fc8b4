using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace JanServer.DatabaseSetup.Schemas;

/// <summary>A service's place in the database: a login role and the schema of the same name that it owns.</summary>
internal sealed partial record SchemaRole(string Name, string Password)
{
    /// <summary>Reads <c>Schemas:{role}:Password</c>.</summary>
    /// <exception cref="SetupException">A name is no plain identifier or a password is missing or not printable ASCII.</exception>
    public static IReadOnlyList<SchemaRole> Read(IConfiguration configuration)
    {
        var roles = configuration.GetSection("Schemas").GetChildren().Select(Parse).ToList();
        return roles.Count > 0
            ? roles
            : throw new SetupException("No schema is configured. Set Schemas__{role}__Password for each service, for example Schemas__llm_api__Password.");
    }

    private static SchemaRole Parse(IConfigurationSection section)
    {
        if (!RoleName().IsMatch(section.Key) || section.Key.StartsWith("pg_", StringComparison.Ordinal) || section.Key is "public" or "postgres")
        {
            throw new SetupException($"'{section.Key}' cannot be a service's role: lower-case letters, digits and underscores, not beginning with pg_.");
        }

        var password = section["Password"];
        return password is { Length: > 0 } && password.All(c => c is > ' ' and <= '~')
            ? new SchemaRole(section.Key, password)
            : throw new SetupException($"Schemas:{section.Key}:Password is missing or has characters other than printable ASCII.");
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,62}$")]
    private static partial Regex RoleName();
}
