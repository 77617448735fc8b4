using JanServer.ServiceDefaults.Auth.Jwt;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace JanServer.ServiceDefaults.Auth;

/// <summary>Authentication and authorization of a service: deny by default, one <see cref="Caller"/>.</summary>
public static class CallerAuthentication
{
    /// <summary>The authentication scheme of services.</summary>
    public const string Scheme = "Caller";

    /// <summary>
    /// Authenticates requests by the caller token of the <c>Jan-Caller</c> header, or by a user's JWT in <c>Authorization</c>,
    /// and refuses every request that neither proves, except on endpoints marked <c>AllowAnonymous</c>. User JWTs are taken when
    /// <c>Auth:Issuer</c> is configured.
    /// </summary>
    public static TBuilder AddCallerAuthentication<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddCallerTokens();
        builder.Services.AddAuthentication(Scheme).AddScheme<AuthenticationSchemeOptions, CallerAuthenticationHandler>(Scheme, null);
        builder.Services.AddDenyByDefault();
        if (builder.Configuration["Auth:Issuer"] is { Length: > 0 })
        {
            builder.Services.AddUserTokenAuthentication();
        }

        return builder;
    }

    /// <summary>Registers <see cref="CallerTokens"/> with its validated options.</summary>
    public static IServiceCollection AddCallerTokens(this IServiceCollection services)
    {
        services.AddOptions<CallerTokenOptions>().BindConfiguration("CallerToken").ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CallerTokenOptions>, CallerTokenOptionsValidator>());
        services.TryAddSingleton<CallerTokens>();
        return services;
    }

    /// <summary>Refuses anonymous requests on every endpoint that does not allow them.</summary>
    public static IServiceCollection AddDenyByDefault(this IServiceCollection services)
    {
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        return services;
    }

    /// <summary>Refuses credentials that have none of <paramref name="scopes"/>; see <see cref="Scopes"/>.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(policy => policy.RequireAssertion(
            context => CallerOf(context) is { } caller && Array.Exists(scopes, caller.Has)));

    /// <summary>Refuses everyone but administrators.</summary>
    public static TBuilder RequireAdmin<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(policy => policy.RequireAssertion(context => CallerOf(context)?.IsAdmin == true));

    /// <summary>Refuses everyone but the services of this deployment.</summary>
    public static TBuilder RequireService<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(policy => policy.RequireAssertion(context =>
            CallerOf(context) is { Method: AuthMethod.Service } caller && caller.Roles.Contains(CallerTokens.ServiceRole)));

    private static Caller? CallerOf(AuthorizationHandlerContext context) => (context.User.Identity as CallerIdentity)?.Caller;
}
