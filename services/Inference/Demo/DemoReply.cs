namespace JanServer.Inference.Demo;

/// <summary>What the demonstration model decided to answer: text, or calls when there are any.</summary>
internal sealed record DemoReply(string Text, IReadOnlyList<PlannedCall> Calls)
{
    public static DemoReply Say(string text) => new(text, []);
}

/// <summary>A tool call with its arguments as JSON text.</summary>
internal sealed record PlannedCall(string Name, string Arguments);
