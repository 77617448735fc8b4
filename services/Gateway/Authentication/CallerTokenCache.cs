using System.Runtime.CompilerServices;
using JanServer.ServiceDefaults.Auth;
using Microsoft.Extensions.Options;

namespace JanServer.Gateway.Authentication;

/// <summary>
/// The caller token of each caller that is remembered at the moment, so that a warm request signs nothing. A token is replaced at
/// half its life; tokens go when the credential cache forgets their caller.
/// </summary>
internal sealed class CallerTokenCache(CallerTokens tokens, IOptions<CallerTokenOptions> options, TimeProvider clock)
{
    private readonly ConditionalWeakTable<Caller, CallerPass> _passes = [];
    private readonly TimeSpan _reuse = TimeSpan.FromSeconds(options.Value.LifetimeSeconds / 2.0);
    private CallerPass? _own;

    /// <summary>What services believe about a caller, and what limits know it by.</summary>
    public CallerPass PassFor(Caller caller)
    {
        if (_passes.TryGetValue(caller, out var pass) && clock.GetUtcNow() < pass.Until)
        {
            return pass;
        }

        pass = new(tokens.Issue(caller), IdOf(caller), clock.GetUtcNow() + _reuse);
        _passes.AddOrUpdate(caller, pass);
        return pass;
    }

    /// <summary>A token that says the gateway itself is calling, for requests without a caller.</summary>
    public string TokenOfGateway()
    {
        var own = _own;
        if (own is null || clock.GetUtcNow() >= own.Until)
        {
            _own = own = new(tokens.IssueForService("gateway"), "gateway", clock.GetUtcNow() + _reuse);
        }

        return own.Token;
    }

    private static string IdOf(Caller caller) => caller.ApiKeyId?.ToString() ?? caller.UserId.ToString();
}

/// <summary>A caller token with what goes with it.</summary>
/// <param name="Token">The token.</param>
/// <param name="Id">The API key's id, or the user's for access tokens.</param>
/// <param name="Until">When to make a new one.</param>
internal sealed record CallerPass(string Token, string Id, DateTimeOffset Until);
