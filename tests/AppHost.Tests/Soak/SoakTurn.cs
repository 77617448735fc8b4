using System.Net.Http.Json;
using System.Text;
using JanServer.Testing.Streams;

namespace JanServer.AppHost.Tests.Soak;

/// <summary>One turn of one client, and what the client saw of it. One in four leaves before the end.</summary>
internal sealed class SoakTurn
{
    private readonly string _model;
    private readonly int _patience;

    public SoakTurn(string model, int client, int turn)
    {
        _model = model;
        Question = $"q{client}.{turn}";
        var random = new Random((client * 1009) + turn);
        _patience = random.Next(4) == 0 ? random.Next(SoakModel.Pieces) : int.MaxValue;
    }

    public string Question { get; }

    /// <summary>What the answer is when it is whole.</summary>
    public string Text => SoakModel.TextFor(Question);

    /// <summary>The conversation, once the client has been told.</summary>
    public string? Conversation { get; private set; }

    /// <summary>Whether the client saw the end of the whole answer.</summary>
    public bool Ended { get; private set; }

    /// <summary>Whether the client went away before the end.</summary>
    public bool Left { get; private set; }

    public async Task RunAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = JsonContent.Create(new { model = _model, stream = true, conversation = "", messages = new[] { new { role = "user", content = Question } } }),
        };
        try
        {
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (answer.IsSuccessStatusCode)
            {
                await ReadAsync(answer);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The connection broke with the service: the turn has not ended.
        }
    }

    private async Task ReadAsync(HttpResponseMessage answer)
    {
        using var events = await SseReader.OpenAsync(answer);
        var text = new StringBuilder();
        var failed = false;
        for (var n = 0; await events.NextAsync() is { } next; n++)
        {
            if (next.IsDone)
            {
                Ended = !failed && text.ToString() == Text;
                return;
            }

            failed |= next.Json["error"] is not null;
            Conversation ??= (string?)next.Json["conversation"]?["id"];
            text.Append((string?)next.Json["choices"]?[0]?["delta"]?["content"]);
            if (n >= _patience)
            {
                Left = true;
                return;
            }
        }
    }
}
