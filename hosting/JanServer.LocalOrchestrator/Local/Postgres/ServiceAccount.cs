using System.Diagnostics;

namespace Aspire.Hosting.Local.Postgres;

/// <summary>
/// Whom PostgreSQL runs as. It refuses to run as root, so a root process uses a system user of its own;
/// everybody else runs it as themselves (<see cref="Name"/> is null).
/// </summary>
internal sealed class ServiceAccount
{
    private const string DefaultName = "janserver";

    private ServiceAccount(string? name) => Name = name;

    /// <summary>The user to switch to, or null to stay who we are.</summary>
    public string? Name { get; }

    public static async Task<ServiceAccount> FindAsync(CancellationToken ct)
    {
        if (!Environment.IsPrivilegedProcess || OperatingSystem.IsWindows())
        {
            return new ServiceAccount(null);
        }

        for (var attempt = 1; !await ExistsAsync(DefaultName, ct); attempt++)
        {
            // Exit code 9 is "already there" and 1 "the password file is locked": another process makes the same user.
            var made = await Command.TryRunAsync(
                "useradd", ["--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", DefaultName], ct);
            if (made is null || attempt == 5)
            {
                return new ServiceAccount(await FallbackAsync(ct));
            }

            if (made.ExitCode == 1)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), ct);
            }
        }

        return new ServiceAccount(DefaultName);
    }

    /// <summary>Makes <paramref name="path"/> and what is in it the account's own.</summary>
    public async Task OwnAsync(string path, CancellationToken ct)
    {
        if (Name is not null)
        {
            await Command.RunAsync("chown", ["-R", $"{Name}:", path], ct);
        }
    }

    /// <summary>Whether the account can reach <paramref name="directory"/> through all its parents.</summary>
    public async Task<bool> CanEnterAsync(string directory, CancellationToken ct) =>
        Name is null || await Command.TryRunAsync("/bin/sh", ["-c", "cd \"$0\"", directory], ct, this) is { ExitCode: 0 };

    public void Apply(ProcessStartInfo start)
    {
        // The server needs nothing of our environment, which may hold secrets.
        var path = Environment.GetEnvironmentVariable("PATH");
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        start.Environment["LC_ALL"] = OperatingSystem.IsMacOS() ? "en_US.UTF-8" : "C.UTF-8";
        start.Environment["TZ"] = "UTC";
        start.WorkingDirectory = OperatingSystem.IsWindows() ? Environment.SystemDirectory : "/";
        if (Name is not null)
        {
            start.UserName = Name;
        }
    }

    private static async Task<string> FallbackAsync(CancellationToken ct)
    {
        foreach (var name in (string[])["postgres", "nobody"])
        {
            if (await ExistsAsync(name, ct))
            {
                return name;
            }
        }

        throw new EmbeddedPostgresException(
            $"PostgreSQL does not run as root, and the system user '{DefaultName}' could not be made. "
            + $"Make it (useradd --system {DefaultName}) or start JanServer as a user who is not root.");
    }

    private static async Task<bool> ExistsAsync(string name, CancellationToken ct) =>
        await Command.TryRunAsync("id", ["-u", name], ct) is { ExitCode: 0 };
}
