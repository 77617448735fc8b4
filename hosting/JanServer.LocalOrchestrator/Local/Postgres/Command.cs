using System.ComponentModel;
using System.Diagnostics;

namespace Aspire.Hosting.Local.Postgres;

/// <summary>A short-lived tool run to its end.</summary>
internal sealed record Command(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a tool; a missing tool or a non-zero exit code is an <see cref="EmbeddedPostgresException"/>.</summary>
    public static async Task<Command> RunAsync(
        string file, IEnumerable<string> arguments, CancellationToken ct, ServiceAccount? account = null, string? input = null)
    {
        var done = await TryRunAsync(file, arguments, ct, account, input)
            ?? throw new EmbeddedPostgresException($"'{file}' is not installed or may not be run.");
        return done.ExitCode == 0
            ? done
            : throw new EmbeddedPostgresException(
                $"'{Path.GetFileName(file)}' failed with code {done.ExitCode}: {(done.Error.Length > 0 ? done.Error : done.Output).Trim()}");
    }

    /// <summary>Runs a tool; null when it is missing.</summary>
    public static async Task<Command?> TryRunAsync(
        string file, IEnumerable<string> arguments, CancellationToken ct, ServiceAccount? account = null, string? input = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        account?.Apply(start);

        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return null;
        }

        try
        {
            var output = process.StandardOutput.ReadToEndAsync(ct);
            var error = process.StandardError.ReadToEndAsync(ct);
            await WriteAsync(process, input, ct);
            await process.WaitForExitAsync(ct);
            return new Command(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static async Task WriteAsync(Process process, string? input, CancellationToken ct)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), ct);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The tool ended without reading; its exit code says why.
        }
    }
}
