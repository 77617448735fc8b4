using System.Diagnostics.Metrics;

namespace JanServer.ResponseApi.Webhooks;

/// <summary>What is counted about messages.</summary>
internal sealed class WebhookMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _attempts = meters.Create("JanServer.ResponseApi")
        .CreateCounter<long>("jan.webhooks.attempts", "{attempt}", "Attempts to deliver a message, by the status that the message has after it.");

    public void Attempted(string status) => _attempts.Add(1, new KeyValuePair<string, object?>("status", status));
}
