using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.External.Connections;

/// <summary>
/// Finds out the JSON-RPC id of a request that the SDK sends over HTTP, so that it can be cancelled: breaking off the HTTP request does not
/// mean that up to revision 2025-11-25, and the SDK sends no notification when it waits for the answer to the very POST.
/// </summary>
internal sealed class SentRequest
{
    private const string FirstThatHangingUpCancels = "2026-07-28";

    private static readonly AsyncLocal<SentRequest?> Flow = new();
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(2);

    private JsonNode? _id;

    private SentRequest()
    {
    }

    /// <summary>Watches the next request of this flow.</summary>
    public static SentRequest Watch()
    {
        var sent = new SentRequest();
        Flow.Value = sent;
        return sent;
    }

    /// <summary>Called for every HTTP request.</summary>
    public static async Task SeeAsync(HttpContent? content, CancellationToken ct)
    {
        if (Flow.Value is not { _id: null } sent || content is null)
        {
            return;
        }

        await content.LoadIntoBufferAsync(ct);
        sent._id = (JsonNode.Parse(await content.ReadAsByteArrayAsync(ct)) as JsonObject)?["id"]?.DeepClone();
    }

    /// <summary>Tells the server that nobody waits for the request any more.</summary>
    public async Task CancelAsync(McpClient client)
    {
        if (_id is null || string.CompareOrdinal(client.NegotiatedProtocolVersion, FirstThatHangingUpCancels) >= 0)
        {
            return;
        }

        using var time = new CancellationTokenSource(Time);
        try
        {
            await client.SendMessageAsync(
                new JsonRpcNotification
                {
                    Method = NotificationMethods.CancelledNotification,
                    Params = new JsonObject { ["requestId"] = _id, ["reason"] = "The caller left." },
                },
                time.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException or McpException)
        {
            // It is told out of courtesy.
        }
    }
}
