namespace JanServer.ServiceDefaults.Resilience;

/// <summary>A service of this deployment could not be called: it refuses, does not answer in time, or its circuit is open.</summary>
/// <param name="service">The service's name.</param>
/// <param name="innerException">What happened.</param>
public sealed class ServiceUnreachableException(string service, Exception? innerException)
    : HttpRequestException($"The service '{service}' could not be reached.", innerException)
{
    /// <summary>The service's name.</summary>
    public string Service => service;
}
