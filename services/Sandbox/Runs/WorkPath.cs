using JanServer.Sandbox.Isolation;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.Sandbox.Runs;

/// <summary>Paths of files that come into a sandbox or leave it.</summary>
internal static class WorkPath
{
    private const int MaxLength = 512;
    private const int MaxFiles = 1000;
    private const string Tmp = "/tmp";

    /// <summary>The absolute path inside, or null when it is not a file's below the working folder or <c>/tmp</c>.</summary>
    /// <param name="path">Relative to the working folder, or absolute.</param>
    public static string? Resolve(string path)
    {
        if (path.Length is 0 or > MaxLength || path.EndsWith('/') || path.Any(char.IsControl))
        {
            return null;
        }

        var full = Path.GetFullPath(path, JailCommand.WorkingFolder);
        return IsBelow(full, JailCommand.WorkingFolder) || IsBelow(full, Tmp) ? full : null;
    }

    /// <summary>Reads files of a request: contents by absolute path.</summary>
    public static (IReadOnlyDictionary<string, byte[]> Files, ApiError? Error) Decode(IReadOnlyDictionary<string, string?>? files, long room)
    {
        var decoded = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (path, content) in files ?? new Dictionary<string, string?>())
        {
            if (Resolve(path) is not { } full)
            {
                return (decoded, Invalid($"files.{path}", "The path must be a file's below the working folder."));
            }

            var bytes = new byte[(content?.Length ?? 0) / 4 * 3 + 3];
            if (!Convert.TryFromBase64String(content ?? "", bytes, out var length))
            {
                return (decoded, Invalid($"files.{path}", "The content must be Base64."));
            }

            decoded[full] = bytes[..length];
        }

        return decoded.Values.Sum(bytes => (long)bytes.Length) > room || decoded.Count > MaxFiles
            ? (decoded, Invalid("files", $"At most {MaxFiles} files of {room} bytes together are taken."))
            : (decoded, null);
    }

    /// <summary>422, which is what SandboxFusion answers to bad parameters.</summary>
    public static ApiError Invalid(string param, string message) =>
        new(StatusCodes.Status422UnprocessableEntity, ErrorCodes.InvalidValue, message, param);

    private static bool IsBelow(string path, string folder) => path.StartsWith(folder + "/", StringComparison.Ordinal);
}
