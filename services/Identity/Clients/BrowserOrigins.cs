using JanServer.Identity.Realms;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;

namespace JanServer.Identity.Clients;

/// <summary>
/// Lets the pages of registered clients call the protocol endpoints (CORS), from the origins of their redirect addresses and without
/// cookies: a page's own tokens are all that counts.
/// </summary>
internal sealed class BrowserOrigins(IOptions<RealmOptions> options) : IConfigureOptions<CorsOptions>
{
    public void Configure(CorsOptions cors) => cors.AddDefaultPolicy(policy => policy
        .WithOrigins([.. RedirectUris.Origins(options.Value.Clients.Values.SelectMany(client => client.RedirectUris))])
        .WithMethods(HttpMethods.Get, HttpMethods.Post)
        .WithHeaders("Authorization", "Content-Type")
        .SetPreflightMaxAge(TimeSpan.FromMinutes(10)));
}
