using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.ServiceDefaults.Auth.Jwt;

/// <summary>Whose access tokens are accepted. Bound from <c>Auth</c>.</summary>
public sealed class JwtOptions : IValidatableObject
{
    /// <summary>The issuer, exactly as in the tokens' <c>iss</c>, such as <c>https://id.example.org/realms/jan</c>.</summary>
    [Required]
    public string Issuer { get; set; } = "";

    /// <summary>Further names of the same issuer, when it is reached by several addresses. They share its keys.</summary>
    public IList<string> ValidIssuers { get; } = [];

    /// <summary>A token must be for one of these; <c>account</c> (Keycloak's default) when there is none.</summary>
    public IList<string> Audiences { get; } = [];

    /// <summary>Where the issuer's keys are, when discovery would give an address that this host cannot reach.</summary>
    public Uri? JwksUri { get; set; }

    /// <summary>The discovery document; <c>{Issuer}/.well-known/openid-configuration</c> unless told.</summary>
    public Uri? MetadataAddress { get; set; }

    /// <summary>A JWK Set as JSON text: fixed keys, or a shared secret (HS256, HS512). Nothing is fetched then.</summary>
    public string? Jwks { get; set; }

    /// <summary>Whether keys are fetched over https only. Loopback addresses are exempt; anything else must be said here.</summary>
    public bool RequireHttpsMetadata { get; set; } = true;

    /// <summary>How far the issuer's clock may be off, in seconds: 0 to 300, 60 unless told.</summary>
    [Range(0, 300)]
    public int ClockSkewSeconds { get; set; } = 60;

    /// <summary>How often the keys are fetched again, in seconds: 10 to 86400, 300 unless told.</summary>
    [Range(10, 86_400)]
    public int RefreshSeconds { get; set; } = 300;

    internal bool MayFetch(Uri address) =>
        address.Scheme == Uri.UriSchemeHttps
        || (address.Scheme == Uri.UriSchemeHttp && (address.IsLoopback || !RequireHttpsMetadata));

    internal bool TryGetMetadata(out Uri address) =>
        Uri.TryCreate(
            MetadataAddress?.OriginalString ?? Issuer.TrimEnd('/') + "/.well-known/openid-configuration",
            UriKind.Absolute,
            out address!);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Jwks is not null)
        {
            yield break;
        }

        if (JwksUri is { } keys)
        {
            if (!keys.IsAbsoluteUri || !MayFetch(keys))
            {
                yield return new($"Auth:JwksUri must be https, unless Auth:RequireHttpsMetadata is false: {keys}", [nameof(JwksUri)]);
            }
        }
        else if (!TryGetMetadata(out var metadata) || !MayFetch(metadata))
        {
            yield return new(
                "Auth:Issuer or Auth:MetadataAddress must be an https address, unless Auth:RequireHttpsMetadata is false: "
                    + (MetadataAddress?.OriginalString ?? Issuer),
                [nameof(Issuer)]);
        }
    }
}

[OptionsValidator]
internal sealed partial class JwtOptionsValidator : IValidateOptions<JwtOptions>;
