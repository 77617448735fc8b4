using JanServer.ResponseApi.Responses;
using JanServer.ResponseApi.Runs;

namespace JanServer.ResponseApi.EventLog;

/// <summary>
/// The last event of a stream, which carries the whole response. OpenAI's schema has none for a cancelled one, and its client for Node throws
/// at events that it does not know: such a stream ends with <c>response.incomplete</c>, whose response says <c>cancelled</c>.
/// </summary>
internal static class EndEvents
{
    /// <summary>The event that says how a response has ended, with the next number of its stream.</summary>
    public static ResponseEvent For(Response response) => QueueEvents.Make(
        response, $"response.{(response.Progress.Status == ResponseStatus.Cancelled ? ResponseStatus.Incomplete : response.Progress.Status)}");

    /// <summary>Whether no event follows this one.</summary>
    public static bool IsLast(string type) => type is "response.completed" or "response.incomplete" or "response.failed";
}
