using JanServer.ServiceDefaults.Auth;

namespace JanServer.Gateway.Authentication;

/// <summary>Says on every request to accounts that the gateway is asking.</summary>
internal sealed class GatewayToken(CallerTokenCache tokens) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation(CallerTokens.HeaderName, tokens.TokenOfGateway());
        return base.SendAsync(request, cancellationToken);
    }
}
