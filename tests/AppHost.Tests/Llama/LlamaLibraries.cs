using System.Diagnostics;

namespace JanServer.AppHost.Tests.Llama;

/// <summary>Gets llama.cpp's shared libraries from the npm package that ships them for this platform.</summary>
internal static class LlamaLibraries
{
    private const string Package = "@node-llama-cpp/linux-x64@3.22.1";

    /// <summary>The folder with the libraries; fetched once and kept for later runs.</summary>
    public static async Task<string> GetAsync()
    {
        var cache = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "janserver-tests", "llama"));
        if (Find(cache) is { } kept)
        {
            return kept;
        }

        var log = await RunAsync("npm", ["install", "--prefix", cache.FullName, "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", Package], cache.FullName);
        return Find(cache) ?? throw new InvalidOperationException($"npm could not fetch {Package}: {log}");
    }

    private static string? Find(DirectoryInfo cache) =>
        cache.EnumerateFiles($"libllama.{LlamaNative.Version}.so", SearchOption.AllDirectories).FirstOrDefault()?.DirectoryName;

    private static async Task<string> RunAsync(string command, string[] arguments, string folder)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return await error;
    }
}
