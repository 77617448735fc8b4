using System.Text.RegularExpressions;

namespace JanServer.Inference.Filling;

/// <summary>The words of a JSON field name (<c>firstName</c>, <c>first_name</c>) and what kind of value they ask for.</summary>
internal sealed partial class FieldName
{
    private readonly IReadOnlyList<string> _words;

    public FieldName(string name)
    {
        Text = name;
        _words = [.. Word().Matches(name).Select(match => match.Value.ToLowerInvariant())];
    }

    public string Text { get; }

    /// <summary>The words with spaces between them.</summary>
    public string Spoken => string.Join(' ', _words);

    public bool IsUrl => Has("url", "urls", "uri", "link", "links", "href", "website", "webpage");

    public bool IsEmail => Has("email", "mail");

    public bool IsDate => Has("date", "day", "birthday", "deadline", "due");

    public bool IsCode => Has("code", "script", "program", "source", "snippet", "python");

    public bool IsExpression => Has("expression", "formula", "equation");

    public bool IsLanguage => Has("language", "lang", "runtime");

    public bool IsPlace => Has("city", "location", "place", "town", "country", "region", "destination", "origin", "address", "where");

    public bool IsPerson => Has(
        "name", "person", "people", "participant", "participants", "attendee", "attendees", "author", "user", "username", "who",
        "recipient", "customer");

    /// <summary>A field for free text, which the request itself can fill.</summary>
    public bool IsText => Has(
        "query", "queries", "q", "search", "keyword", "keywords", "text", "content", "input", "prompt", "question", "message", "answer",
        "response", "topic", "subject", "title", "summary", "description", "reason", "explanation", "memory", "fact", "note", "body",
        "value", "term", "result", "output",
        "task", "instruction", "request", "steps", "step", "event", "command");

    private bool Has(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (_words.Contains(word))
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex(@"\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})|\p{N}+")]
    private static partial Regex Word();
}
