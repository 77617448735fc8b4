using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A port that a resource listens on.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    public EndpointAnnotation(
        ProtocolType protocol,
        string? uriScheme = null,
        string? transport = null,
        string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool isProxied = true)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? "tcp";
        Transport = transport ?? (UriScheme is "http" or "https" ? "http" : "tcp");
        Name = name ?? UriScheme;
        Port = port;
        TargetPort = targetPort;
        IsExternal = isExternal ?? false;
        IsProxied = isProxied;
    }

    public string Name { get; set; }

    public ProtocolType Protocol { get; set; }

    /// <summary>The port that clients use, 1..65535; null is any free port.</summary>
    public int? Port { get; set; }

    /// <summary>The port that the process or container itself listens on.</summary>
    public int? TargetPort { get; set; }

    public string UriScheme { get; set; }

    public string Transport { get; set; }

    public bool IsExternal { get; set; }

    public bool IsProxied { get; set; }

    /// <summary>The environment variable that tells the process its port.</summary>
    internal string? PortVariable { get; set; }

    /// <summary>Where it can be reached in this run; null when the resource does not run here and nothing stands in for it.</summary>
    internal EndpointAddress? Address { get; set; }
}

internal sealed record EndpointAddress(string Host, int Port);
