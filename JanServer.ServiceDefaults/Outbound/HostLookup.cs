using System.Net;

namespace JanServer.ServiceDefaults.Outbound;

/// <summary>Finds the addresses of a host; the system's resolver unless a test has its own.</summary>
public delegate Task<IPAddress[]> HostLookup(string host, CancellationToken ct);
