namespace JanServer.Sandbox.Sessions;

/// <summary>An interpreter that is kept for its owner.</summary>
internal sealed class Session(string id, string owner, Interpreter interpreter, DateTimeOffset began)
{
    public string Id => id;

    public string Owner => owner;

    public Interpreter Interpreter => interpreter;

    public DateTimeOffset Began { get; } = began;

    public DateTimeOffset LastUsed { get; set; } = began;

    /// <summary>Whether a request is using it.</summary>
    public bool IsBusy { get; set; } = true;
}
