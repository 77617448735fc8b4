using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.McpTools.External.Servers;

namespace JanServer.McpTools.External.SignIn;

/// <summary>Gives the tokens of users, refreshed when they run out: once, whichever replicas want it.</summary>
internal sealed class UserTokens(IServiceScopeFactory scopes, TokenEndpoint endpoint, TimeProvider clock)
{
    // What runs out while a request is on its way is as good as run out.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);

    public IAccessTokens Of(ExternalServer server, Id<UserRef> user) => new Access(this, server, user);

    private async ValueTask<string> GetAsync(ExternalServer server, Id<UserRef> user, string? refused, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<AuthorizationStore>();
        var tokens = await store.FindAsync(server.Id, user, ct) ?? throw new SignInRequiredException();
        return IsGood(tokens, refused) ? tokens.AccessToken : await RefreshAsync(scope.ServiceProvider, server, user, refused, ct);
    }

    // The row is locked meanwhile: refresh tokens are often good for one use, and the second use may revoke everything.
    private async Task<string> RefreshAsync(IServiceProvider services, ExternalServer server, Id<UserRef> user, string? refused, CancellationToken ct)
    {
        var store = services.GetRequiredService<AuthorizationStore>();
        var db = services.GetRequiredService<McpToolsContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var tokens = await store.LockAsync(server.Id, user, ct) ?? throw new SignInRequiredException();
        if (IsGood(tokens, refused))
        {
            return tokens.AccessToken;
        }

        // Once it is asked for, a refresh is finished and kept, whoever waits for it.
        var (refreshed, isFinal) = await endpoint.RefreshAsync(server, tokens, CancellationToken.None);
        if (refreshed is not null)
        {
            await store.PutAsync(server.Id, user, refreshed, CancellationToken.None);
            await transaction.CommitAsync(CancellationToken.None);
            return refreshed.AccessToken;
        }

        if (!isFinal)
        {
            throw new HttpRequestException("The authorization server does not answer.");
        }

        await store.RemoveAsync(server.Id, user, CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        throw new SignInRequiredException();
    }

    private bool IsGood(TokenSet tokens, string? refused) =>
        tokens.AccessToken != refused && (tokens.ExpiresAt is null || tokens.ExpiresAt > clock.GetUtcNow() + MarginOf(tokens));

    // One that cannot be refreshed is used to its end.
    private static TimeSpan MarginOf(TokenSet tokens) => tokens.RefreshToken is null ? TimeSpan.Zero : Margin;

    private sealed class Access(UserTokens tokens, ExternalServer server, Id<UserRef> user) : IAccessTokens
    {
        public ValueTask<string> GetAsync(string? refused, CancellationToken ct) => tokens.GetAsync(server, user, refused, ct);
    }
}
