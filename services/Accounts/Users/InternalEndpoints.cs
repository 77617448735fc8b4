using JanServer.Contracts.Accounts;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.Accounts.Users;

/// <summary>What the gateway and the other services ask. The gateway routes none of it, and only a service's token opens it.</summary>
internal static class InternalEndpoints
{
    public static void MapInternal(this IEndpointRouteBuilder app)
    {
        var routes = app.MapGroup("/internal").ExcludeFromDescription().RequireService();

        routes.MapPost("/principals/resolve", ResolveAsync)
            .WithName("resolvePrincipal")
            .WithSummary("The user that a verified token speaks for, made with a personal organization the first time; 404 when disabled.");

        routes.MapPost("/principals/find", FindAsync)
            .WithName("findPrincipal")
            .WithSummary("A user, or a user with an API key, as they are now; 404 when disabled, or the key is not good.");

        routes.MapPost("/api-keys/verify", VerifyAsync)
            .WithName("verifyApiKey")
            .WithSummary("The principal behind the SHA-256 of an API key; 404 when the key is not good.");
    }

    private static async Task<Results<Ok<Principal>, ApiError>> ResolveAsync(
        ResolvePrincipal token, PrincipalResolution principals, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(token.Issuer))
        {
            return ApiError.Missing("issuer");
        }

        if (string.IsNullOrEmpty(token.Subject))
        {
            return ApiError.Missing("subject");
        }

        return await principals.ResolveAsync(token with { Roles = token.Roles ?? [] }, ct) is { } principal
            ? TypedResults.Ok(principal)
            : ApiError.NotFound("enabled account");
    }

    private static async Task<Results<Ok<Principal>, ApiError>> FindAsync(
        FindPrincipal wanted, PrincipalResolution principals, CancellationToken ct) =>
        await principals.FindAsync(wanted, ct) is { } principal
            ? TypedResults.Ok(principal)
            : ApiError.NotFound("enabled account with a valid API key");

    private static async Task<Results<Ok<Principal>, ApiError>> VerifyAsync(
        VerifyApiKey key, PrincipalResolution principals, CancellationToken ct) =>
        await principals.VerifyApiKeyAsync(key.Hash ?? "", ct) is { } principal
            ? TypedResults.Ok(principal)
            : ApiError.NotFound("valid API key");
}
