using System.Text;

namespace Aspire.Hosting.Local;

internal static class WaitFailure
{
    private const int LogLines = 15;

    /// <summary>The state, the reason with the failed check and its last error, and the last lines of the log.</summary>
    public static string Describe(ResourceStatus status, ResourceLog log)
    {
        var text = new StringBuilder($"{status.Name} is {status.State}");
        if (status.ExitCode is { } code)
        {
            text.Append($" (exit code {code.ToString(System.Globalization.CultureInfo.InvariantCulture)})");
        }

        if (status.Reason is not null)
        {
            text.Append(": ").Append(status.Reason);
        }

        var lines = log.Tail(LogLines);
        if (lines.Count > 0)
        {
            text.AppendLine().Append($"  last lines of {status.Name}:");
            foreach (var line in lines)
            {
                text.AppendLine().Append("    ").Append(line);
            }
        }

        return text.ToString();
    }
}
