using System.Reflection;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Protocol.Dispatch;

/// <summary>What this server says about itself.</summary>
internal sealed class ServerProfile
{
    /// <summary>How a model is told to use this server.</summary>
    public const string Instructions =
        "Tools of JanServer. Which of them there are depends on the deployment and on the user: it may search the web, read pages, index and "
        + "search the user's own files, run code in a sandbox, remember, and make images. Search before you scrape, and name the pages that an "
        + "answer rests on. A result with isError says what to do differently; do not repeat the same call.";

    /// <summary>Name and version.</summary>
    public Implementation Implementation { get; } = new()
    {
        Name = "janserver",
        Title = "JanServer",
        Version = typeof(ServerProfile).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "1.0.0",
    };

    /// <summary>What this server can do.</summary>
    public static ServerCapabilities Capabilities() => new()
    {
        Tools = new() { ListChanged = true },
        Prompts = new() { ListChanged = true },
        Resources = new() { ListChanged = true, Subscribe = true },
        Completions = new(),
        Logging = new(),
    };
}
