namespace JanServer.LlmApi.Conversations.Titles;

/// <summary>What is known of a conversation's title when a turn ends.</summary>
/// <param name="Title">The title there is.</param>
/// <param name="Locked">The user chose it.</param>
/// <param name="Generated">The server made it.</param>
internal readonly record struct TitleState(string? Title, bool Locked, bool Generated);

/// <summary>When a title is made.</summary>
internal static class TitleRules
{
    // A conversation moves on; its title follows now and then.
    private const int Period = 5;

    // A shorter one may be a word that the user chose.
    private const int ShortestBeginning = 20;

    /// <summary>
    /// Whether a turn may call for a title: the first of a conversation, every fifth, and any while there is none. A request without a
    /// word of the user, such as one with results of tools, never does.
    /// </summary>
    public static bool IsDue(bool hasTitle, int userMessages) => userMessages > 0 && (!hasTitle || userMessages == 1 || userMessages % Period == 0);

    /// <summary>
    /// Whether the server may set the title: there is none, it made the one there is, or a client put the beginning of the first message
    /// there when it made the conversation. What a user chose stays.
    /// </summary>
    public static bool MaySet(TitleState now, int userMessages, string? derived) =>
        !now.Locked && (now.Title is null || now.Generated || (userMessages == 1 && derived is not null && IsBeginning(now.Title, derived)));

    private static bool IsBeginning(string title, string derived) =>
        TitleText.Derive(title) is { } plain
        && (plain.Length == derived.Length || plain.Length >= ShortestBeginning)
        && derived.StartsWith(plain, StringComparison.OrdinalIgnoreCase);
}
