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
    private readonly ConditionalWeakTable<Caller, Minted> _minted = [];
    private readonly TimeSpan _reuse = TimeSpan.FromSeconds(options.Value.LifetimeSeconds / 2.0);
    private Minted? _own;

    /// <summary>A token that says who is calling.</summary>
    public string TokenFor(Caller caller)
    {
        if (_minted.TryGetValue(caller, out var minted) && clock.GetUtcNow() < minted.Until)
        {
            return minted.Token;
        }

        minted = new(tokens.Issue(caller), clock.GetUtcNow() + _reuse);
        _minted.AddOrUpdate(caller, minted);
        return minted.Token;
    }

    /// <summary>A token that says the gateway itself is calling, for requests without a caller.</summary>
    public string TokenOfGateway()
    {
        var own = _own;
        if (own is null || clock.GetUtcNow() >= own.Until)
        {
            _own = own = new(tokens.IssueForService("gateway"), clock.GetUtcNow() + _reuse);
        }

        return own.Token;
    }

    private sealed record Minted(string Token, DateTimeOffset Until);
}
