using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <summary><c>--publisher manifest --output-path file-or-folder</c>: what azd and aspirate read.</summary>
internal static class ManifestPublisher
{
    private const string FileName = "aspire-manifest.json";

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(DistributedApplicationBuilder builder, CancellationToken ct)
    {
        if (!string.Equals(builder.Configuration["publisher"], "manifest", StringComparison.OrdinalIgnoreCase))
        {
            return Fail($"The publisher '{builder.Configuration["publisher"]}' is not known here; the only one is 'manifest'.");
        }

        if (builder.Configuration["output-path"] is not { Length: > 0 } output)
        {
            return Fail("--publisher manifest needs --output-path <file.json or folder>.");
        }

        var full = Path.GetFullPath(output);
        var file =
            string.Equals(Path.GetExtension(full), ".json", StringComparison.OrdinalIgnoreCase) ? full : Path.Combine(full, FileName);
        var text = await WriteAsync(builder.Resources, builder.ExecutionContext, Path.GetDirectoryName(file)!, ct);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file, text, ct);
        await Console.Out.WriteLineAsync($"Published manifest to: {file}");
        return 0;
    }

    /// <summary>The manifest's bytes; the same model gives the same bytes.</summary>
    public static async Task<byte[]> WriteAsync(
        IEnumerable<IResource> resources, DistributedApplicationExecutionContext execution, string folder, CancellationToken ct)
    {
        using var stream = new MemoryStream();
        await using (var writer = new ManifestWriter(stream, execution, folder))
        {
            await writer.WriteAsync(resources, ct);
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return 1;
    }
}
