using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Local;

/// <summary>Whether a port can be had, and who has it.</summary>
internal static class PortHolder
{
    // Below the ephemeral range, so that an outgoing connection never takes a port between choosing it and listening on it.
    private const int FirstFree = 20_000;
    private const int LastFree = 32_000;

    // What is given out is not given out again by this process: between choosing a port and listening on it there is a moment.
    private static readonly ConcurrentDictionary<int, bool> GivenOut = new();
    private static readonly string[] SocketTables = ["/proc/net/tcp", "/proc/net/tcp6"];

    public static bool IsFree(int port) =>
        CanBind(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || CanBind(IPAddress.IPv6Loopback, port));

    public static int FindFree()
    {
        for (var attempt = 0; attempt < 1_000; attempt++)
        {
            var port = Random.Shared.Next(FirstFree, LastFree);
            if (IsFree(port) && GivenOut.TryAdd(port, true))
            {
                return port;
            }
        }

        throw new DistributedApplicationException($"No free port between {FirstFree} and {LastFree}.");
    }

    /// <summary>"process 4711 (dotnet exec ...)" where the system tells, else "another process".</summary>
    public static string Describe(int port)
    {
        try
        {
            return Inode(port) is { } inode && ProcessOf(inode) is { } pid ? $"process {pid} ({CommandOf(pid)})" : "another process";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }

    private static bool CanBind(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException exception)
        {
            // A machine without an IPv6 loopback address has nobody listening there either.
            return exception.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported;
        }
    }

    private static string? Inode(int port)
    {
        var suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        foreach (var table in SocketTables.Where(File.Exists))
        {
            foreach (var line in File.ReadLines(table).Skip(1))
            {
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields[1].EndsWith(suffix, StringComparison.Ordinal) && fields[3] == "0A")
                {
                    return fields[9];
                }
            }
        }

        return null;
    }

    private static int? ProcessOf(string inode)
    {
        var link = $"socket:[{inode}]";
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Holds(folder, link))
            {
                return pid;
            }
        }

        return null;
    }

    private static bool Holds(string process, string link)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Combine(process, "fd")).Any(f => new FileInfo(f).LinkTarget == link);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or belongs to somebody else.
            return false;
        }
    }

    private static string CommandOf(int pid)
    {
        var command = File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/cmdline").Replace('\0', ' ').Trim();
        return command.Length > 120 ? command[..120] + "..." : command;
    }
}
