using JanServer.ServiceDefaults.Auth;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.Accounts.Users;

internal static class MeEndpoints
{
    public static void MapMe(this IEndpointRouteBuilder auth) =>
        auth.MapGet("/me", Get)
            .WithName("getMe")
            .WithSummary("Who the caller is and what the credential may do.")
            .WithTags("Auth")
            .RequireUser();

    /// <summary>Refuses services that act on their own behalf: there is no user whose account this could be.</summary>
    public static TBuilder RequireUser<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(policy => policy.RequireAssertion(context =>
            context.User.Identity is CallerIdentity { Caller.UserId.IsNone: false }));

    private static Ok<Me> Get(Caller caller) => TypedResults.Ok(Me.From(caller));
}
