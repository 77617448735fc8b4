using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Responses;
using JanServer.ResponseApi.Runs;

namespace JanServer.ResponseApi.EventLog;

/// <summary>The last event of a stream, which carries the whole response.</summary>
internal static class EndEvents
{
    /// <summary>The event that says how a response has ended, with the next number of its stream.</summary>
    public static ResponseEvent For(Response response)
    {
        var type = $"response.{response.Progress.Status}";
        var sequence = response.Progress.NextSequenceNumber++;
        var json = ItemJson.Build(writer =>
        {
            writer.WriteString("type"u8, type);
            writer.WriteNumber("sequence_number"u8, sequence);
            writer.WritePropertyName("response"u8);
            ResponseResource.Write(writer, response);
        });
        return new(type, sequence, System.Text.Encoding.UTF8.GetBytes(json.GetRawText()));
    }

    /// <summary>Whether no event follows this one.</summary>
    public static bool IsLast(string type) => type is "response.completed" or "response.incomplete" or "response.failed" or "response.cancelled";
}
