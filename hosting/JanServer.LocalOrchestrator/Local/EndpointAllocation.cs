using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

/// <summary>Gives every endpoint of what runs here its address, before anything starts.</summary>
internal static class EndpointAllocation
{
    /// <exception cref="DistributedApplicationException">Fixed ports are taken; the message names each and its holder.</exception>
    public static void Allocate(IEnumerable<IResource> running, bool randomize)
    {
        var endpoints = running.SelectMany(r => r.Annotations.OfType<EndpointAnnotation>().Select(e => (Resource: r, Endpoint: e)))
            .Where(e => e.Endpoint.Address is null).ToArray();
        var taken = new HashSet<int>();
        List<string> problems = [];
        foreach (var (resource, endpoint) in endpoints.Where(e => !randomize && e.Endpoint.Port is not null))
        {
            var port = endpoint.Port!.Value;
            if (!taken.Add(port))
            {
                problems.Add($"Port {Text(port)} is asked for twice, the second time by {resource.Name}.");
            }
            else if (!PortHolder.IsFree(port))
            {
                problems.Add(
                    $"Port {Text(port)}, which {resource.Name} is to use, is taken by {PortHolder.Describe(port)}. "
                    + $"Stop that, or set Ports__{resource.Name.Replace('-', '_')}=<port> (Ports__offset=1000 moves all).");
            }

            endpoint.Address = new("localhost", port);
        }

        if (problems.Count > 0)
        {
            throw new DistributedApplicationException(string.Join(Environment.NewLine, problems));
        }

        foreach (var (_, endpoint) in endpoints.Where(e => e.Endpoint.Address is null))
        {
            endpoint.Address = new("localhost", PortHolder.FindFree());
        }
    }

    /// <summary>What stands in for a resource answers at that resource's endpoints: by name, else by its first.</summary>
    public static void Share(IResource replaced, IResource standIn)
    {
        var own = standIn.Annotations.OfType<EndpointAnnotation>().ToArray();
        foreach (var endpoint in replaced.Annotations.OfType<EndpointAnnotation>())
        {
            endpoint.Address = (own.FirstOrDefault(e => e.Name == endpoint.Name) ?? own.FirstOrDefault())?.Address;
        }
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
