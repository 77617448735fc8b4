using System.Globalization;

namespace Aspire.Hosting.Local.Postgres;

/// <summary>What the server writes about itself into postmaster.pid (storage/pidfile.h): line 1 its process, line 8 its state.</summary>
internal sealed record PostmasterFile(int ProcessId, bool IsReady)
{
    private const int StateLine = 7;

    /// <summary>Null when there is no such file or it is half written.</summary>
    public static PostmasterFile? Read(string dataDirectory)
    {
        try
        {
            var lines = File.ReadAllLines(Path.Combine(dataDirectory, "postmaster.pid"));
            return lines.Length > 0 && int.TryParse(lines[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)
                ? new PostmasterFile(Math.Abs(id), lines.Length > StateLine && lines[StateLine].Trim() == "ready")
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
