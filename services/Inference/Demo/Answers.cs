using System.Globalization;
using System.Text.RegularExpressions;

namespace JanServer.Inference.Demo;

/// <summary>The rules for plain conversation, tried in order; the last one always answers.</summary>
internal static partial class Answers
{
    private const string WhatItIs =
        "I am jan-demo, a rule-based demonstration model built into JanServer. I am not a language model: I follow fixed rules.";

    private const string WhatServerDoes =
        "JanServer is a self-hosted AI server with an OpenAI-compatible API: streamed chat, tool calls, structured output, embeddings, "
        + "users and API keys.";

    private const string HowToConnect =
        "To talk to a real model, run Ollama, LM Studio, Jan, llama-server or vLLM on this machine and JanServer finds it, or configure "
        + "any OpenAI-compatible provider; jan-demo is then no longer chosen.";

    public static string To(Turn turn, Wording wording, TimeProvider clock)
    {
        var notice = AttachmentNotice(turn);
        if (turn.User.Length == 0)
        {
            return notice ?? wording.Pick("I am listening: say something.", "There is nothing to answer yet.");
        }

        var answer = Social(turn, wording)
            ?? TextTasks.Answer(turn, wording)
            ?? Sum(turn.Talk, wording)
            ?? Clock(turn.Talk, clock)
            ?? Recall(turn, wording)
            ?? Noted(turn, wording)
            ?? Honest(turn.User, wording);
        return notice is null ? answer : $"{notice} {answer}";
    }

    private static string? AttachmentNotice(Turn turn)
    {
        var unread = turn.Attachments.Distinct().Select(kind => kind switch
        {
            "image" => "see images",
            "audio" => "hear audio",
            _ => "read files",
        }).ToArray();
        return unread.Length == 0 ? null : $"I cannot {string.Join(" or ", unread)}: I am a rule-based demo, so I only used your text.";
    }

    private static string? Social(Turn turn, Wording wording)
    {
        var name = turn.Facts.Find("name");
        if (WhoAreYou().IsMatch(turn.Talk))
        {
            var persona = Instructions.In(turn.System, "").Persona;
            var called = persona is null ? "" : $"Here I am called {persona}. ";
            return $"{called}{WhatItIs} {WhatICanDo(wording)}";
        }

        if (AboutServer().IsMatch(turn.Talk))
        {
            return $"{WhatServerDoes} {WhatItIs} {HowToConnect}";
        }

        if (Greeting().IsMatch(turn.Talk))
        {
            var hello = wording.Pick("Hello", "Hi", "Good to see you", "Welcome");
            var invitation = wording.Pick("Ask me what I can do.", "Try \"what can you do?\".", "What would you like to try?");
            return $"{hello}{(name is null ? "" : $", {name}")}! {WhatItIs} {invitation}";
        }

        return Thanks().IsMatch(turn.Talk) ? wording.Pick("You are welcome!", "Glad to help.", "Any time.")
            : Goodbye().IsMatch(turn.Talk) ? wording.Pick("Goodbye", "See you", "Until next time") + (name is null ? "!" : $", {name}!")
            : null;
    }

    private static string WhatICanDo(Wording wording) =>
        wording.Pick("I can", "By rule I can", "What I really can do:")
        + " calculate (\"what is 15% of 80?\"), tell the date and time in UTC, count words, repeat or summarise a text you give me, "
        + "remember what you tell me in this conversation, call the tools I am offered and fill a JSON schema. " + HowToConnect;

    private static string? Sum(string user, Wording wording)
    {
        if (ArithmeticInText.Find(user) is not { } found)
        {
            return null;
        }

        return double.IsFinite(found.Value)
            ? $"{found.Expression}{wording.Pick(" = ", " is ", " comes to ")}{Arithmetic.Format(found.Value)}"
            : $"{found.Expression} has no finite result.";
    }

    private static string? Clock(string user, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return TimeQuestion().IsMatch(user) ? now.ToString("'It is' HH:mm 'UTC on' dddd, d MMMM yyyy.", CultureInfo.InvariantCulture)
            : DateQuestion().IsMatch(user) ? now.ToString("'Today is' dddd, d MMMM yyyy '(UTC).'", CultureInfo.InvariantCulture)
            : null;
    }

    private static string? Recall(Turn turn, Wording wording)
    {
        if (AllFacts().IsMatch(turn.Talk))
        {
            return turn.Facts.All.Count == 0
                ? "You have not told me anything about yourself in this conversation yet."
                : $"{wording.Pick("You told me:", "From this conversation I know:")} {string.Join("; ", turn.Facts.All.Select(Describe))}.";
        }

        var key = WhoAmI().IsMatch(turn.Talk) ? "name"
            : WhereAmI().IsMatch(turn.Talk) ? "city"
            : HowOld().IsMatch(turn.Talk) ? "age"
            : WhatILike().IsMatch(turn.Talk) ? "likes"
            : MyQuestion().Match(turn.Talk) is { Success: true } my ? my.Groups[1].Value.ToLowerInvariant()
            : null;
        if (key is null)
        {
            return null;
        }

        return turn.Facts.Find(key) is { } value
            ? key switch
            {
                "name" => wording.Pick($"Your name is {value}.", $"You are {value}."),
                "city" => $"You said {value}.",
                "age" => $"You are {value} years old.",
                "likes" => $"You like {value}.",
                _ => $"Your {key} is {value}.",
            }
            : $"You have not told me {(key is "likes" ? "what you like" : $"your {key}")} in this conversation.";
    }

    private static string Describe(KeyValuePair<string, string> fact) => fact.Key switch
    {
        "likes" => $"you like {fact.Value}",
        _ => $"your {fact.Key} is {fact.Value}",
    };

    /// <summary>Something new about the user that was no question.</summary>
    private static string? Noted(Turn turn, Wording wording)
    {
        if (turn.User.EndsWith('?') || Facts.In([turn.User]).All is not { Count: > 0 } facts)
        {
            return null;
        }

        var noted = string.Join("; ", facts.Select(Describe));
        return facts.FirstOrDefault(fact => fact.Key == "name").Value is { } name
            ? $"{wording.Pick("Nice to meet you", "Pleased to meet you", "Hello")}, {name}! Noted: {noted}."
            : $"{wording.Pick("Noted:", "I will remember for this conversation:")} {noted}.";
    }

    private static string Honest(string user, Wording wording)
    {
        var restated = Sentences.Shorten(user, 160);
        var lead = wording.Pick(
            "That is beyond my rules, so I will not make up an answer.",
            "I cannot answer that honestly: I have rules, not knowledge.",
            "No rule of mine fits this, and I do not guess.");
        return $"I am jan-demo, a rule-based demo model. You asked: \"{restated}\". {lead} {HowToConnect}";
    }

    [GeneratedRegex(
        @"\b(?:who|what) are you\b|\bwhat(?:'s| is) your name\b|\bwhat can you do\b|\bwhat do you do\b"
        + @"|\bintroduce yourself\b|\btell me about yourself\b|\bare you (?:an? )?(?:real|ai|human|llm|language model|robot"
        + @"|bot)\b|^help[.!?]?$|\bhow can you help\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex WhoAreYou();

    [GeneratedRegex(
        @"\bwhat(?:'s| is) jan ?server\b|\babout jan ?server\b|\bwhat (?:can|does) jan ?server\b|\bconnect an? "
        + @"(?:real )?model\b|\breal model\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex AboutServer();

    [GeneratedRegex(
        @"^(?:hi|hello|hey|hallo|good (?:morning|afternoon|evening|day)|greetings|howdy|moin|salut|hola)(?:\s+(?:there"
        + @"|all|everyone|jan|jan-demo|world|again))*(?:[,!.]*\s*how are you(?: today)?)?[\s!.,?]*$|^how are you[\s!.,?]*$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Greeting();

    [GeneratedRegex(@"^(?:thanks|thank you|thx|cheers|many thanks)\b.{0,40}$", RegexOptions.IgnoreCase)]
    private static partial Regex Thanks();

    [GeneratedRegex(@"^(?:bye|goodbye|good bye|see you|ciao|good night)\b.{0,20}$", RegexOptions.IgnoreCase)]
    private static partial Regex Goodbye();

    [GeneratedRegex(
        @"\bwhat(?:'s| is)? (?:the )?(?:current )?time\b|\bwhat time is it\b|\bcurrent time\b|\btime (?:is it )?now\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex TimeQuestion();

    [GeneratedRegex(
        @"\b(?:what|which)(?:'s| is)? (?:the )?(?:current |today's )?(?:date|day(?: of the week)?(?: is it)?"
        + @"(?: today)?)\b[^.]{0,20}$|\btoday's date\b|\bwhat(?:'s| is) today\b|\bwhat year is it\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex DateQuestion();

    [GeneratedRegex(
        @"\bwhat do you (?:know|remember) about me\b|\bwhat (?:have I told|did I tell) you\b|\blist (?:the )?facts\b"
        + @"|\bwhat do you remember\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex AllFacts();

    [GeneratedRegex(@"\bwho am I\b|\bwhat am I called\b|\bmy name\s*\?", RegexOptions.IgnoreCase)]
    private static partial Regex WhoAmI();

    [GeneratedRegex(@"\bwhere (?:do I live|am I from|am I|do I come from)\b", RegexOptions.IgnoreCase)]
    private static partial Regex WhereAmI();

    [GeneratedRegex(@"\bhow old am I\b", RegexOptions.IgnoreCase)]
    private static partial Regex HowOld();

    [GeneratedRegex(@"\bwhat do I (?:like|love|enjoy|prefer)\b", RegexOptions.IgnoreCase)]
    private static partial Regex WhatILike();

    [GeneratedRegex(
        @"\b(?:what(?:'s|’s| is| was| are)|do you (?:know|remember)|tell me)\s+my\s+((?:\p{L}+\s+){0,2}?\p{L}+)\s*"
        + @"(?:again|now)?\s*[?.!]*$",
        RegexOptions.IgnoreCase)]
    private static partial Regex MyQuestion();
}
