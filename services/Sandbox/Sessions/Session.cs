namespace JanServer.Sandbox.Sessions;

/// <summary>An interpreter that is kept for its owner. All but its turns is guarded by the store's lock.</summary>
internal sealed class Session(string owner, string id, DateTimeOffset began)
{
    public string Owner => owner;

    public string Id => id;

    public DateTimeOffset Began { get; } = began;

    public DateTimeOffset LastUsed { get; set; } = began;

    /// <summary>How many requests use it or wait for it.</summary>
    public int Users { get; set; }

    /// <summary>One request uses it at a time.</summary>
    public Turns Turns { get; } = new();

    /// <summary>Null until it is started, by the first request.</summary>
    public Interpreter? Interpreter { get; set; }

    /// <summary>Whether there is nothing to go on with.</summary>
    public bool IsLost => Interpreter is null or { IsDead: true };
}

/// <summary>The turn of one request in a session. <see cref="SessionStore.LeaveAsync"/> ends it.</summary>
/// <param name="Session">The session, with its interpreter.</param>
/// <param name="Created">Whether it begins with this request.</param>
/// <param name="End">Lets the next one in.</param>
internal sealed record SessionTurn(Session Session, bool Created, Action End);
