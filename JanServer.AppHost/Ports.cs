using System.Globalization;

namespace JanServer.AppHost;

internal static class Ports
{
    /// <summary>
    /// The public port of a resource: <c>Ports:name</c> where configured, else the usual one moved by <c>Ports:offset</c>, so that
    /// two checkouts run side by side. A shell cannot set a variable with a hyphen, hence the underscore in its place.
    /// </summary>
    public static int Port(this IDistributedApplicationBuilder builder, string name, int usual) =>
        Number(builder.Configuration[$"Ports:{name}"])
        ?? Number(builder.Configuration[$"Ports:{name.Replace('-', '_')}"])
        ?? (usual + (Number(builder.Configuration["Ports:offset"]) ?? 0));

    private static int? Number(string? text) =>
        string.IsNullOrEmpty(text) ? null : int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
