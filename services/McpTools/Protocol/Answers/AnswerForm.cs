using Microsoft.Net.Http.Headers;

namespace JanServer.McpTools.Protocol.Answers;

/// <summary>In which form a client takes the answer to a POST.</summary>
internal enum AnswerForm
{
    /// <summary>Neither of the two.</summary>
    None,

    /// <summary>One JSON document; notifications have no place in it and are not sent.</summary>
    Json,

    /// <summary>Server-sent events.</summary>
    Events,

    /// <summary>A JSON document when the answer is quick and alone, events when there is more to say or to wait for.</summary>
    Either,
}

internal static class AnswerForms
{
    /// <summary>
    /// Reads <c>Accept</c>. Without one, or with <c>*/*</c> only, a client is taken for one that has never heard of events.
    /// </summary>
    public static AnswerForm Of(HttpRequest request)
    {
        if (request.Headers.Accept.Count == 0)
        {
            return AnswerForm.Json;
        }

        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted))
        {
            return AnswerForm.None;
        }

        var json = false;
        var events = false;
        var anything = false;
        foreach (var type in accepted.Where(type => type.Quality is not 0))
        {
            json |= type.MatchesMediaType("application/json") || type.MatchesMediaType("application/*");
            events |= type.MatchesMediaType("text/event-stream") || type.MatchesMediaType("text/*");
            anything |= type.MatchesAllTypes;
        }

        return (json || anything, events) switch
        {
            (true, true) => AnswerForm.Either,
            (true, false) => AnswerForm.Json,
            (false, true) => AnswerForm.Events,
            _ => AnswerForm.None,
        };
    }
}
