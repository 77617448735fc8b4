using System.Security.Cryptography;
using JanServer.Sandbox.Metering;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.Sandbox.Sessions;

/// <summary>
/// Keeps interpreters between requests, by owner and id: one of another owner is as missing as one that never was. They live in this
/// process: another replica does not know them, and they end with it.
/// </summary>
internal sealed class SessionStore(IOptions<SessionOptions> options, SandboxMetrics metrics, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>What a client sends for a session with an id of the server's.</summary>
    public const string New = "new";

    /// <summary>Begins the ids that the server makes. A session with such an id is never begun anew under it.</summary>
    public const string Prefix = "sess_";

    private const int Attempts = 3;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Owner, string Id), Session> _sessions = [];
    private bool _isClosed;

    /// <summary>
    /// Takes a turn in a session. <see cref="New"/> begins one, an id of the server's goes on with one, and a name of the client's own
    /// does either.
    /// </summary>
    /// <param name="owner">Whose.</param>
    /// <param name="id">Which.</param>
    /// <param name="start">Starts an interpreter for one that begins.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<(SessionTurn? Turn, ApiError? Error)> EnterAsync(
        string owner, string id, Func<Task<(Interpreter? Interpreter, ApiError? Error)>> start, CancellationToken ct)
    {
        var isNamed = id != New && !id.StartsWith(Prefix, StringComparison.Ordinal);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var found = Find(owner, id);
            if (found is null)
            {
                return isNamed || id == New ? await BeginAsync(owner, isNamed ? id : NewId(), start, ct) : (null, Missing());
            }

            var end = await WaitAsync(found, ct);
            if (end is null)
            {
                return (null, ApiError.Conflict("The session is busy with other requests; one is run at a time.", "session_id"));
            }

            var turn = new SessionTurn(found, false, end);
            if (!found.IsLost)
            {
                return (turn, null);
            }

            // It was lost while this request waited; a name may begin again.
            await LeaveAsync(turn);
        }

        return (null, Missing());
    }

    /// <summary>Ends a turn. A session whose interpreter is lost is removed.</summary>
    /// <returns>Whether it is still there.</returns>
    public async Task<bool> LeaveAsync(SessionTurn turn)
    {
        var session = turn.Session;
        bool kept;
        bool removed;
        lock (_lock)
        {
            session.Users--;
            session.LastUsed = clock.GetUtcNow();
            kept = !_isClosed && !session.IsLost;
            removed = !kept && Remove(session);
        }

        turn.End();
        if (removed)
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
            over = [.. _sessions.Values.Where(session => session.Users == 0 && IsOver(session))];
            over.ForEach(session => Remove(session));
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
            _isClosed = true;
            all = [.. _sessions.Values];
            _sessions.Clear();
        }

        await Task.WhenAll(all.Select(EndAsync));
    }

    private static string NewId() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static ApiError Missing() => new(
        StatusCodes.Status404NotFound,
        ErrorCodes.NotFound,
        "There is no such session: it ended after some time without use, was lost, or never was. Its variables and files are gone. "
        + "Begin a new one with session_id 'new'.",
        "session_id");

    private Session? Find(string owner, string id)
    {
        lock (_lock)
        {
            if (_sessions.TryGetValue((owner, id), out var session) && !(session.Users == 0 && IsOver(session)))
            {
                session.Users++;
                return session;
            }

            return null;
        }
    }

    private async Task<Action?> WaitAsync(Session session, CancellationToken ct)
    {
        Action? end = null;
        try
        {
            end = await session.Turns.WaitAsync(TimeSpan.FromSeconds(options.Value.TurnSeconds), ct);
            return end;
        }
        finally
        {
            if (end is null)
            {
                lock (_lock)
                {
                    session.Users--;
                }
            }
        }
    }

    private async Task<(SessionTurn? Turn, ApiError? Error)> BeginAsync(
        string owner, string id, Func<Task<(Interpreter? Interpreter, ApiError? Error)>> start, CancellationToken ct)
    {
        var (session, replaced, full) = Add(owner, id);
        if (replaced is not null)
        {
            await EndAsync(replaced);
        }

        if (session is null)
        {
            return (null, full);
        }

        // Nobody was before, or whoever was has just begun it: then this request goes on with theirs.
        if (await WaitAsync(session, ct) is not { } end)
        {
            return (null, ApiError.Conflict("The session is busy with other requests; one is run at a time.", "session_id"));
        }

        if (session.Interpreter is not null)
        {
            return (new(session, false, end), null);
        }

        var turn = new SessionTurn(session, true, end);
        var (interpreter, error) = await start();
        session.Interpreter = interpreter;
        if (interpreter is null)
        {
            await LeaveAsync(turn);
            return (null, error);
        }

        return (turn, null);
    }

    /// <summary>Adds a session that has no interpreter yet, in the place of the owner's one unused for longest if there are too many.</summary>
    private (Session? Session, Session? Replaced, ApiError? Full) Add(string owner, string id)
    {
        lock (_lock)
        {
            Session? replaced = null;
            if (_sessions.TryGetValue((owner, id), out var there))
            {
                if (there.Users > 0 || !IsOver(there))
                {
                    there.Users++;
                    return (there, null, null);
                }

                Remove(there);
                replaced = there;
            }

            var own = _sessions.Values.Where(session => session.Owner == owner).ToList();
            if (replaced is null && own.Count >= options.Value.MaxPerOwner)
            {
                replaced = own.Where(session => session.Users == 0).MinBy(session => session.LastUsed);
                if (replaced is null)
                {
                    return (null, null, ApiError.TooManyRequests("All your sessions are busy; try again when one is not.", TimeSpan.FromSeconds(5)));
                }

                Remove(replaced);
            }

            if (_isClosed || _sessions.Count >= options.Value.Max)
            {
                return (null, replaced, ApiError.TooManyRequests("There are as many sessions as this server keeps; try again later.", TimeSpan.FromSeconds(30)));
            }

            var session = new Session(owner, id, clock.GetUtcNow()) { Users = 1 };
            _sessions.Add((owner, id), session);
            metrics.SessionBegan();
            return (session, replaced, null);
        }
    }

    private bool Remove(Session session) =>
        _sessions.TryGetValue((session.Owner, session.Id), out var there) && there == session && _sessions.Remove((session.Owner, session.Id));

    private bool IsOver(Session session)
    {
        var now = clock.GetUtcNow();
        return now - session.LastUsed >= TimeSpan.FromSeconds(options.Value.IdleSeconds)
            || now - session.Began >= TimeSpan.FromSeconds(options.Value.MaxSeconds);
    }

    private async Task EndAsync(Session session)
    {
        metrics.SessionEnded();
        if (session.Interpreter is { } interpreter)
        {
            await interpreter.DisposeAsync();
        }
    }
}
