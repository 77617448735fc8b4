using JanServer.McpTools.External.Servers;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.External.Secrets;

/// <summary>Finds the secrets of a server: in its row, or in the configuration for those of the operator.</summary>
internal sealed class SecretReader(SecretBox box, IOptions<ExternalOptions> options)
{
    /// <summary>What <see cref="SecretBox"/> knows it by.</summary>
    public const string Kind = "server";

    /// <summary>The secrets; null when they are there and cannot be read.</summary>
    public ServerSecrets? Of(ExternalServer server)
    {
        if (server.IsConfigured)
        {
            return options.Value.Servers.TryGetValue(server.Label, out var configured)
                ? new(configured.Headers.AsReadOnly(), configured.Env.AsReadOnly(), configured.ClientSecret)
                : null;
        }

        return server.Secrets is null
            ? ServerSecrets.None
            : box.Open(new(server.Secrets, server.SecretsKeyId!), ExternalJson.Default.ServerSecrets, Kind, server.Id.Value);
    }

    /// <summary>The server with its secrets in its row; null when there is no key to keep them with.</summary>
    public ExternalServer? With(ExternalServer server, ServerSecrets secrets)
    {
        if (secrets.IsEmpty)
        {
            return server with { Secrets = null, SecretsKeyId = null };
        }

        if (!box.CanSeal)
        {
            return null;
        }

        var kept = box.Seal(secrets, ExternalJson.Default.ServerSecrets, Kind, server.Id.Value);
        return server with { Secrets = kept.Blob, SecretsKeyId = kept.KeyId };
    }
}
