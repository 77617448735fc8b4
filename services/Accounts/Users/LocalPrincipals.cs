using JanServer.Contracts.Accounts;
using JanServer.ServiceDefaults.Auth.Principals;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.Accounts.Users;

/// <summary>Answers from the tables what other services ask over HTTP, for the user tokens that accounts itself is sent.</summary>
internal sealed class LocalPrincipals(IServiceScopeFactory scopes, IEnumerable<IExceptionClassifier> classifiers) : IPrincipalSource
{
    public Task<Principal?> ResolveAsync(ResolvePrincipal subject, CancellationToken ct) =>
        AskAsync((principals, token) => principals.ResolveAsync(subject, token), ct);

    public Task<Principal?> VerifyApiKeyAsync(string hash, CancellationToken ct) =>
        AskAsync((principals, token) => principals.VerifyApiKeyAsync(hash, token), ct);

    private async Task<Principal?> AskAsync(Func<PrincipalResolution, CancellationToken, Task<Principal?>> ask, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            return await ask(scope.ServiceProvider.GetRequiredService<PrincipalResolution>(), ct);
        }
        catch (Exception e) when (classifiers.Any(classifier => classifier.Classify(e) is { Status: >= 500 }))
        {
            // The contract of IPrincipalSource: a source that cannot be asked looks the same, however it is asked.
            throw new HttpRequestException("The accounts database cannot be asked.", e);
        }
    }
}
