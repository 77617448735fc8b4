using Microsoft.Extensions.Options;

namespace JanServer.Sandbox.Isolation;

/// <summary>
/// Gives every run a user id of its own when the service is root: the kernel enforces neither process limits nor much else against
/// uid 0. Without root all runs have the service's id, in user namespaces of their own.
/// </summary>
internal sealed class UserIds(IOptions<SandboxOptions> options)
{
    private const int Count = 65_536;

    private readonly Lock _lock = new();
    private readonly HashSet<int> _taken = [];

    // Services beside each other on one machine begin at different places.
    private int _next = Environment.ProcessId * 257 % Count;

    /// <summary>An id that no other run of this process has, or null when this process cannot give ids.</summary>
    public int? Take()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return null;
        }

        lock (_lock)
        {
            do
            {
                _next = (_next + 1) % Count;
            }
            while (!_taken.Add(_next));

            return options.Value.FirstUserId + _next;
        }
    }

    public void Return(int? id)
    {
        if (id is { } taken)
        {
            lock (_lock)
            {
                _taken.Remove(taken - options.Value.FirstUserId);
            }
        }
    }
}
