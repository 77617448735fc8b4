using System.Text;
using Microsoft.AspNetCore.Http;

namespace JanServer.Testing.Upstreams;

/// <summary>
/// One request at a fake upstream, played by a script of the test: send, wait for a signal of the test, send more,
/// break off. Everything is flushed as it is sent.
/// </summary>
public sealed class FakeExchange
{
    private readonly HttpContext _context;
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal FakeExchange(HttpContext context, RecordedRequest request)
    {
        _context = context;
        Request = request;
        _context.RequestAborted.Register(_gone.SetResult);
    }

    /// <summary>What was asked.</summary>
    public RecordedRequest Request { get; }

    /// <summary>Ends when the client has hung up.</summary>
    public Task ClientGone => _gone.Task;

    /// <summary>Sets a header of the answer.</summary>
    public void Header(string name, string value) => _context.Response.Headers[name] = value;

    /// <summary>Answers with JSON.</summary>
    public Task JsonAsync(string json, int status = StatusCodes.Status200OK) => AnswerAsync(json, "application/json", status);

    /// <summary>Answers with anything.</summary>
    public async Task AnswerAsync(string text, string contentType, int status = StatusCodes.Status200OK)
    {
        _context.Response.StatusCode = status;
        _context.Response.ContentType = contentType;
        await _context.Response.WriteAsync(text);
    }

    /// <summary>Answers with bytes, such as an image.</summary>
    public async Task BytesAsync(ReadOnlyMemory<byte> bytes, string contentType, int status = StatusCodes.Status200OK)
    {
        _context.Response.StatusCode = status;
        _context.Response.ContentType = contentType;
        _context.Response.ContentLength = bytes.Length;
        await _context.Response.Body.WriteAsync(bytes);
    }

    /// <summary>Sends the client elsewhere.</summary>
    public Task RedirectAsync(string location, int status = StatusCodes.Status302Found)
    {
        _context.Response.StatusCode = status;
        _context.Response.Headers.Location = location;
        return Task.CompletedTask;
    }

    /// <summary>Answers with an error in OpenAI's form.</summary>
    public Task ErrorAsync(int status, string code, string message) =>
        JsonAsync($$$"""{"error":{"message":"{{{message}}}","type":"upstream","param":null,"code":"{{{code}}}"}}""", status);

    /// <summary>Sends the headers of an event stream.</summary>
    public async Task StartStreamAsync()
    {
        _context.Response.ContentType = "text/event-stream";
        await _context.Response.StartAsync();
        await _context.Response.Body.FlushAsync();
    }

    /// <summary>Sends one event with this data.</summary>
    public Task EventAsync(string data) => RawAsync($"data: {data}\n\n");

    /// <summary>Sends <c>data: [DONE]</c>.</summary>
    public Task DoneAsync() => EventAsync("[DONE]");

    /// <summary>Sends text as it is, in one write: half an event, garbage, other line ends.</summary>
    public async Task RawAsync(string text)
    {
        if (!_context.Response.HasStarted)
        {
            await StartStreamAsync();
        }

        await _context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text));
        await _context.Response.Body.FlushAsync();
    }

    /// <summary>Sends nothing more until the client hangs up.</summary>
    public Task StallAsync() => ClientGone;

    /// <summary>Resets the connection. What the client has not read by then may be lost, so let it read first.</summary>
    public void Abort() => _context.Abort();
}
