using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace JanServer.LocalOrchestrator.Tests.Processes;

/// <summary>A service to be watched: healthy while the file named by its first argument exists; tells its environment.</summary>
internal static class TestService
{
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:" + Environment.GetEnvironmentVariable("PORT"));
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.MapGet("/healthz", () => File.Exists(args[0]) ? Results.Text("ok") : Results.Text("the file is missing", statusCode: 503));
        app.MapGet("/env/{name}", (string name) => Environment.GetEnvironmentVariable(name) ?? "");
        await Console.Out.WriteLineAsync("test service listens");
        await app.RunAsync();
        return 0;
    }
}
