using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.McpTools.External.Secrets;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.McpTools.External.Servers;

/// <summary>Makes servers from requests, checked. Secrets are apart, so that nothing holds them longer than needed.</summary>
internal static class ServerDraft
{
    /// <summary>A new server of administrators; of a user when it is given an owner later.</summary>
    public static (ExternalServer? Server, ServerSecrets Secrets, ApiError? Error) Of(CreateServer input, DateTimeOffset now, Id<ExternalServer> id)
    {
        var transport = input.Transport ?? ExternalServer.Http;
        var auth = input.Auth ?? ExternalServer.NoAuth;
        var organization = input.OrganizationId is null ? (Id<OrganizationRef>?)null : Id<OrganizationRef>.Parse(input.OrganizationId);
        var error = ServerChecks.Label(input.Label)
            ?? ServerChecks.Description(input.Description)
            ?? ServerChecks.OneOf("transport", transport, ExternalServer.Http, ExternalServer.Stdio)
            ?? ServerChecks.OneOf("auth", auth, ExternalServer.NoAuth, ExternalServer.OAuth)
            ?? (transport == ExternalServer.Http ? ServerChecks.Url(input.Url) : ServerChecks.Command(input.Command))
            ?? Fits(transport, auth, input.Url, input.Command, input.Args, input.Env, input.Headers, input.Oauth)
            ?? Common(input.AllowedTools, input.DeniedTools, input.RequireApproval, input.TimeoutSeconds)
            ?? (organization is { IsNone: true } ? ApiError.Invalid("organization_id", "This is no id of an organization.") : null);
        if (error is not null)
        {
            return (null, ServerSecrets.None, error);
        }

        var secrets = new ServerSecrets(
            input.Headers ?? ServerSecrets.None.Headers, input.Env ?? ServerSecrets.None.Environment, input.Oauth?.ClientSecret);
        var server = new ExternalServer
        {
            Id = id,
            Scope = organization is null ? ExternalServer.ForDeployment : ExternalServer.ForOrganization,
            Source = ExternalServer.FromApi,
            OrganizationId = organization,
            Label = input.Label!,
            Description = input.Description,
            Transport = transport,
            Url = input.Url,
            Command = input.Command,
            Arguments = [.. input.Args ?? []],
            Auth = auth,
            ClientId = input.Oauth?.ClientId,
            HasClientSecret = secrets.ClientSecret is not null,
            Scopes = [.. input.Oauth?.Scopes ?? []],
            HeaderNames = Names(secrets.Headers),
            EnvironmentNames = Names(secrets.Environment),
            IsEnabled = input.Enabled ?? true,
            AllowedTools = input.AllowedTools is null ? null : [.. input.AllowedTools],
            DeniedTools = [.. input.DeniedTools ?? []],
            RequireApproval = input.RequireApproval ?? ExternalServer.Never,
            ApprovalExceptions = [],
            TimeoutSeconds = input.TimeoutSeconds ?? 60,
            Revision = 1,
            CreatedAt = now,
            UpdatedAt = now,
        };
        return (server, secrets, null);
    }

    /// <summary>A changed server. Its <see cref="ExternalServer.Revision"/> says whether it is reached in another way.</summary>
    public static (ExternalServer? Server, ServerSecrets Secrets, ApiError? Error) Of(
        ExternalServer old, ServerSecrets secrets, UpdateServer input, DateTimeOffset now)
    {
        var auth = input.Auth ?? old.Auth;
        var error = (input.Label is null ? null : ServerChecks.Label(input.Label))
            ?? ServerChecks.Description(input.Description)
            ?? ServerChecks.OneOf("auth", auth, ExternalServer.NoAuth, ExternalServer.OAuth)
            ?? (input.Url is null ? null : ServerChecks.Url(input.Url))
            ?? (input.Command is null ? null : ServerChecks.Command(input.Command))
            ?? Fits(old.Transport, auth, input.Url, input.Command, input.Args, input.Env, input.Headers, input.Oauth)
            ?? Common(input.AllowedTools, input.DeniedTools, input.RequireApproval, input.TimeoutSeconds);
        if (error is not null)
        {
            return (null, secrets, error);
        }

        var changed = Secrets(old, secrets, input);
        var reaches = input.Url is not null || input.Command is not null || input.Auth is not null || input.Names(nameof(input.Args))
            || input.Names(nameof(input.Env)) || input.Names(nameof(input.Headers)) || input.Names(nameof(input.Oauth));
        var server = old with
        {
            Label = input.Label ?? old.Label,
            Description = input.Names(nameof(input.Description)) ? input.Description : old.Description,
            Url = input.Url ?? old.Url,
            Command = input.Command ?? old.Command,
            Arguments = input.Names(nameof(input.Args)) ? [.. input.Args ?? []] : old.Arguments,
            Auth = auth,
            ClientId = input.Names(nameof(input.Oauth)) ? input.Oauth?.ClientId : old.ClientId,
            HasClientSecret = changed.ClientSecret is not null,
            Scopes = input.Names(nameof(input.Oauth)) ? [.. input.Oauth?.Scopes ?? []] : old.Scopes,
            HeaderNames = Names(changed.Headers),
            EnvironmentNames = Names(changed.Environment),
            IsEnabled = input.Enabled ?? old.IsEnabled,
            AllowedTools = !input.Names(nameof(input.AllowedTools)) ? old.AllowedTools : input.AllowedTools is null ? null : [.. input.AllowedTools],
            DeniedTools = input.Names(nameof(input.DeniedTools)) ? [.. input.DeniedTools ?? []] : old.DeniedTools,
            RequireApproval = input.RequireApproval ?? old.RequireApproval,
            ApprovalExceptions = input.RequireApproval is null ? old.ApprovalExceptions : [],
            TimeoutSeconds = input.TimeoutSeconds ?? old.TimeoutSeconds,
            Revision = reaches ? old.Revision + 1 : old.Revision,
            UpdatedAt = now,
        };
        return (server, changed, null);
    }

    private static ServerSecrets Secrets(ExternalServer old, ServerSecrets secrets, UpdateServer input)
    {
        // What was for one host is not sent to another.
        var moves = input.Url is not null && !string.Equals(input.Url, old.Url, StringComparison.Ordinal);
        var headers = input.Names(nameof(input.Headers)) ? input.Headers : moves ? null : secrets.Headers;
        var environment = input.Names(nameof(input.Env)) ? input.Env : secrets.Environment;
        var clientSecret = !input.Names(nameof(input.Oauth)) ? (moves ? null : secrets.ClientSecret)
            : input.Oauth?.ClientSecret ?? (!moves && input.Oauth?.ClientId == old.ClientId ? secrets.ClientSecret : null);
        return new(headers ?? ServerSecrets.None.Headers, environment ?? ServerSecrets.None.Environment, clientSecret);
    }

    private static ApiError? Common(IReadOnlyList<string>? allowed, IReadOnlyList<string>? denied, string? approval, int? timeout) =>
        ServerChecks.Tools("allowed_tools", allowed)
            ?? ServerChecks.Tools("denied_tools", denied)
            ?? ServerChecks.OneOf("require_approval", approval, ExternalServer.Always, ExternalServer.Never)
            ?? ServerChecks.Timeout(timeout);

    private static ApiError? Fits(
        string transport,
        string auth,
        string? url,
        string? command,
        IReadOnlyList<string>? args,
        IReadOnlyDictionary<string, string>? env,
        IReadOnlyDictionary<string, string>? headers,
        OAuthInput? oauth) =>
        transport == ExternalServer.Http
            ? (command is null ? null : ApiError.Invalid("command", "Only a server of transport 'stdio' has a command."))
                ?? (args is null ? null : ApiError.Invalid("args", "Only a server of transport 'stdio' has arguments."))
                ?? (env is null ? null : ApiError.Invalid("env", "Only a server of transport 'stdio' has an environment."))
                ?? (oauth is null || auth == ExternalServer.OAuth ? null : ApiError.Invalid("oauth", "This is for auth 'oauth'."))
                ?? ServerChecks.Headers(headers)
                ?? ServerChecks.OAuth(oauth)
            : (url is null ? null : ApiError.Invalid("url", "A server of transport 'stdio' has no URL."))
                ?? (headers is null ? null : ApiError.Invalid("headers", "A server of transport 'stdio' has no headers."))
                ?? (auth == ExternalServer.NoAuth ? null : ApiError.Invalid("auth", "Nobody signs in to a server of transport 'stdio'."))
                ?? (oauth is null ? null : ApiError.Invalid("oauth", "Nobody signs in to a server of transport 'stdio'."))
                ?? ServerChecks.Arguments(args)
                ?? ServerChecks.Environment(env);

    private static string[] Names(IReadOnlyDictionary<string, string> pairs) => [.. pairs.Keys.Order(StringComparer.Ordinal)];
}
