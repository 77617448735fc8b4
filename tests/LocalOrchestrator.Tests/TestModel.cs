using Aspire.Hosting.Testing;

namespace JanServer.LocalOrchestrator.Tests;

internal static class TestModel
{
    /// <summary>An empty model on random ports, with a state folder of its own.</summary>
    public static IDistributedApplicationTestingBuilder New(params string[] args) => DistributedApplicationTestingBuilder.Create(args);
}
