using JanServer.Inference.Chat;

namespace JanServer.Inference.Demo;

/// <summary>A conversation seen from its last user message.</summary>
internal sealed class Turn
{
    private const int MaxTalk = 1000;

    public Turn(IReadOnlyList<ChatMessage> messages)
    {
        Messages = messages;
        var lastUser = -1;
        for (var i = 0; i < messages.Count; i++)
        {
            lastUser = messages[i].Role == Roles.User ? i : lastUser;
        }

        User = lastUser >= 0 ? messages[lastUser].Text.Trim() : "";
        Attachments = lastUser >= 0 ? messages[lastUser].Attachments : [];
        System = BoundedText.Of(string.Join('\n', messages.Where(m => m.Role is Roles.System or Roles.Developer).Select(m => m.Text)));
        Request = BoundedText.Of(User);
        UserTexts = [.. messages.Where(m => m.Role == Roles.User).Select(m => m.Text)];
        Results = ToolOutcomes([.. messages.Skip(lastUser + 1)]);
        Facts = Facts.In(UserTexts);
    }

    public IReadOnlyList<ChatMessage> Messages { get; }

    /// <summary>The last thing the user said.</summary>
    public string User { get; }

    /// <summary>What the rules for talk look at: they are for short messages, and a long one must not cost long matching.</summary>
    public string Talk => User.Length <= MaxTalk ? User : User[..MaxTalk];

    public IReadOnlyList<string> Attachments { get; }

    /// <summary>What tools and instructions are looked for in.</summary>
    public string Request { get; }

    public string System { get; }

    public IReadOnlyList<string> UserTexts { get; }

    public Facts Facts { get; }

    /// <summary>The calls made since the user last spoke that have been answered, in the order they were made.</summary>
    public IReadOnlyList<ToolOutcome> Results { get; }

    private static List<ToolOutcome> ToolOutcomes(IReadOnlyList<ChatMessage> since)
    {
        var outcomes = new List<ToolOutcome>();
        foreach (var call in since.SelectMany(message => message.ToolCalls))
        {
            if (since.FirstOrDefault(message => message.ToolCallId == call.Id) is { } result)
            {
                outcomes.Add(new(call.Name, call.Arguments, result.Text));
            }
        }

        return outcomes;
    }
}

/// <summary>A tool call and what came back.</summary>
internal sealed record ToolOutcome(string Name, string Arguments, string Result);
