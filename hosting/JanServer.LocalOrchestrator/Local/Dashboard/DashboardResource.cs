using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local.Dashboard;

/// <summary>Gives the dashboard a port by the same rules as everything else; it is not part of the model.</summary>
internal sealed class DashboardResource : Resource, IResourceWithEndpoints
{
    public DashboardResource(int port) : base("dashboard") =>
        Annotations.Add(new EndpointAnnotation(ProtocolType.Tcp, uriScheme: "http", port: port));

    public EndpointReference Endpoint => new(this, "http");
}
