using JanServer.Testing.Hosting;
using JanServer.Testing.Identity;

namespace JanServer.Sandbox.Tests.Fixtures;

/// <summary>The service in this process, with a key: only who is vouched for has code run.</summary>
public sealed class SandboxService : ServiceFactory<Program>
{
    /// <summary>A client of a new user.</summary>
    internal SandboxClient NewUser() => new(ClientFor(TestCallers.User()));
}
