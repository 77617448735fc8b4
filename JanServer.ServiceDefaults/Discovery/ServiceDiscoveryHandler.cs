namespace JanServer.ServiceDefaults.Discovery;

/// <summary>Sends a request to the next endpoint of the service that its address names.</summary>
internal sealed class ServiceDiscoveryHandler(ServiceEndpoints endpoints) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is not { IsAbsoluteUri: true } address)
        {
            return await base.SendAsync(request, cancellationToken);
        }

        request.RequestUri = endpoints.Next(address);
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            // A retry of the same request begins from the name again.
            request.RequestUri = address;
        }
    }
}
