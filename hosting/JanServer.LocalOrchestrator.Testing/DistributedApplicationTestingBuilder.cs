using Aspire.Hosting.Local;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Testing;

/// <summary>
/// Runs the real AppHost inside a test: random ports, a state folder of its own that is removed afterwards, nothing on the console.
/// </summary>
public static class DistributedApplicationTestingBuilder
{
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync<TEntryPoint>([], cancellationToken);

    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args, CancellationToken cancellationToken = default) where TEntryPoint : class
    {
        var hook = new EntryPointHook(typeof(TEntryPoint).Assembly, configuration => Configure(configuration, args));
        hook.Start(args);
        try
        {
            return new TestingBuilder(await hook.Builder.WaitAsync(cancellationToken), hook);
        }
        catch (OperationCanceledException)
        {
            hook.Done();
            throw;
        }
    }

    /// <summary>An application model that the test makes itself.</summary>
    public static IDistributedApplicationTestingBuilder Create(params string[] args)
    {
        string[] settings = [.. Settings().Select(s => $"--{s.Key}={s.Value}"), .. args];
        return new TestingBuilder((DistributedApplicationBuilder)DistributedApplication.CreateBuilder(settings), hook: null);
    }

    private static void Configure(IConfigurationBuilder configuration, string[] args) =>
        configuration.AddInMemoryCollection(Settings()).AddCommandLine(args);

    // Directories below the system's temporary one keep the default mode: the database may run as another user.
    private static Dictionary<string, string?> Settings() => new()
    {
        ["DcpPublisher:RandomizePorts"] = "true",
        ["LocalOrchestrator:StateFolder"] = Path.Combine(Path.GetTempPath(), $"janserver-test-{Guid.CreateVersion7():N}"),
        ["LocalOrchestrator:RemoveState"] = "true",
        ["LocalOrchestrator:Durable"] = "false",
        ["LocalOrchestrator:Quiet"] = "true",
        ["LocalOrchestrator:Dashboard"] = "false",
    };
}
