using System.Security.Cryptography;
using JanServer.Sandbox.Metering;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.Sandbox.Sessions;

/// <summary>
/// Keeps interpreters between requests. They live in this process: another replica does not know them, and they end with it. A session
/// of another owner is as missing as one that never was.
/// </summary>
internal sealed class SessionStore(IOptions<SessionOptions> options, SandboxMetrics metrics, TimeProvider clock) : IAsyncDisposable
{
    private const string Prefix = "sess_";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private bool _closed;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _sessions.Count;
            }
        }
    }

    /// <summary>Makes room for one more of this owner: ends the owner's one that was unused for longest if there are too many.</summary>
    /// <returns>Why there can be none.</returns>
    public async Task<ApiError?> MakeRoomAsync(string owner)
    {
        Session? oldest = null;
        lock (_lock)
        {
            var own = _sessions.Values.Where(session => session.Owner == owner).ToList();
            if (own.Count >= options.Value.MaxPerOwner)
            {
                oldest = own.Where(session => !session.IsBusy).MinBy(session => session.LastUsed);
                if (oldest is null)
                {
                    return ApiError.TooManyRequests("All your sessions are busy; try again when one is not.", TimeSpan.FromSeconds(5));
                }

                _sessions.Remove(oldest.Id);
            }
            else if (_sessions.Count >= options.Value.Max)
            {
                return ApiError.TooManyRequests("There are as many sessions as this server keeps; try again later.", TimeSpan.FromSeconds(30));
            }
        }

        await EndAsync(oldest);
        return null;
    }

    /// <summary>Adds an interpreter, in use by its first request.</summary>
    /// <returns>The session, or null when there is no room any more; the interpreter is then still the caller's.</returns>
    public Session? Add(string owner, Interpreter interpreter)
    {
        var session = new Session(Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), owner, interpreter, clock.GetUtcNow());
        lock (_lock)
        {
            if (_closed || _sessions.Count >= options.Value.Max)
            {
                return null;
            }

            _sessions.Add(session.Id, session);
        }

        metrics.SessionBegan();
        return session;
    }

    /// <summary>Takes a session for a request; <see cref="ReturnAsync"/> it.</summary>
    public (Session? Session, ApiError? Error) Take(string owner, string id)
    {
        lock (_lock)
        {
            if (!_sessions.TryGetValue(id, out var session) || session.Owner != owner || IsOver(session))
            {
                return (null, new(
                    StatusCodes.Status404NotFound,
                    ErrorCodes.NotFound,
                    "There is no such session: it ended after some time without use, was lost, or never was. Its variables and files are gone. "
                    + "Begin a new one with session_id 'new'.",
                    "session_id"));
            }

            if (session.IsBusy)
            {
                return (null, ApiError.Conflict("The session is busy with another request; one is run at a time.", "session_id"));
            }

            session.IsBusy = true;
            return (session, null);
        }
    }

    /// <summary>Gives a session back. One whose interpreter is lost is removed.</summary>
    /// <returns>Whether it is still there.</returns>
    public async Task<bool> ReturnAsync(Session session)
    {
        bool kept;
        lock (_lock)
        {
            session.IsBusy = false;
            session.LastUsed = clock.GetUtcNow();
            kept = !_closed && !session.Interpreter.IsDead;
            if (!kept)
            {
                _sessions.Remove(session.Id);
            }
        }

        if (!kept)
        {
            await EndAsync(session);
        }

        return kept;
    }

    /// <summary>Ends the sessions whose time is over.</summary>
    public async Task SweepAsync()
    {
        List<Session> over;
        lock (_lock)
        {
            over = [.. _sessions.Values.Where(session => !session.IsBusy && IsOver(session))];
            over.ForEach(session => _sessions.Remove(session.Id));
        }

        foreach (var session in over)
        {
            await EndAsync(session);
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<Session> all;
        lock (_lock)
        {
            _closed = true;
            all = [.. _sessions.Values];
            _sessions.Clear();
        }

        await Task.WhenAll(all.Select(EndAsync));
    }

    private bool IsOver(Session session)
    {
        var now = clock.GetUtcNow();
        return now - session.LastUsed >= TimeSpan.FromSeconds(options.Value.IdleSeconds)
            || now - session.Began >= TimeSpan.FromSeconds(options.Value.MaxSeconds);
    }

    private async Task EndAsync(Session? session)
    {
        if (session is not null)
        {
            await session.Interpreter.DisposeAsync();
            metrics.SessionEnded();
        }
    }
}
