using Aspire.Hosting;

namespace JanServer.LocalOrchestrator.Tests.Processes;

/// <summary>An AppHost to be stopped and killed: a database and two programs, the second of which needs the first.</summary>
internal static class TestAppHost
{
    /// <summary>A program that tells the file in ORDER when it ends, and has a child of its own.</summary>
    public const string Program = """
        sleep 1000 &
        trap 'echo "$NAME" >> "$ORDER"; kill $!; exit 0' TERM
        echo started > "$ORDER.$NAME"
        wait
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        var options = new DistributedApplicationOptions { Args = args, ProjectDirectory = AppContext.BaseDirectory };
        var builder = DistributedApplication.CreateBuilder(options);
        var order = builder.Configuration["order"]!;
        var database = builder.AddPostgres("postgres").AddDatabase("data");
        var first = builder.AddExecutable("first", "/bin/sh", ".", "-c", Program)
            .WithEnvironment("NAME", "first").WithEnvironment("ORDER", order).WaitFor(database);
        builder.AddExecutable("second", "/bin/sh", ".", "-c", Program)
            .WithEnvironment("NAME", "second").WithEnvironment("ORDER", order).WaitFor(first);
        await builder.Build().RunAsync();
        return Environment.ExitCode;
    }
}
