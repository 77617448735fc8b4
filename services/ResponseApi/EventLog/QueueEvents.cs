using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Responses;
using JanServer.ResponseApi.Runs;

namespace JanServer.ResponseApi.EventLog;

/// <summary>Events that carry the whole response, made while nobody runs it: when it begins to wait, and when it is ended from outside.</summary>
internal static class QueueEvents
{
    /// <summary>An event with the next number of the stream.</summary>
    public static ResponseEvent Make(Response response, string type)
    {
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
}
