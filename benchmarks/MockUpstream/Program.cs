using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.IO.Pipelines;
using JanServer.Benchmarks.MockUpstream;

// An OpenAI-shaped upstream that costs next to nothing, so that what is measured is the path before it. The model name says how it
// behaves, so that any gateway carries the wish unchanged: "mock-<chunks>-<milliseconds between chunks>-<milliseconds before the first>".
// Every chunk carries "@T" and 20 digits of CLOCK_MONOTONIC nanoseconds, from which a driver on the same host computes the transit time.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls(builder.Configuration["urls"] ?? "http://127.0.0.1:27000");
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.MinResponseDataRate = null;
});
var app = builder.Build();

app.MapGet("/v1/models", context => AnswerAsync(context, MockAnswers.Models));
app.MapPost("/v1/embeddings", async context =>
{
    await MockRequest.ReadAsync(context.Request.BodyReader, context.RequestAborted);
    await AnswerAsync(context, MockAnswers.Embeddings);
});
app.MapPost("/v1/chat/completions", async context =>
{
    var request = await MockRequest.ReadAsync(context.Request.BodyReader, context.RequestAborted);
    if (request.Latency > 0)
    {
        await Task.Delay(request.Latency, context.RequestAborted);
    }

    await (request.Stream ? StreamAsync(context, request) : AnswerAsync(context, MockAnswers.Completion));
});
app.Run();

static Task AnswerAsync(HttpContext context, ReadOnlyMemory<byte> body)
{
    context.Response.ContentType = "application/json";
    context.Response.ContentLength = body.Length;
    return context.Response.BodyWriter.WriteAsync(body).AsTask();
}

static async Task StreamAsync(HttpContext context, MockRequest request)
{
    context.Response.ContentType = "text/event-stream; charset=utf-8";
    context.Response.Headers.CacheControl = "no-cache";
    var writer = context.Response.BodyWriter;
    var start = Stopwatch.GetTimestamp();
    var tick = new Tick();
    for (var i = 0; i < request.Chunks; i++)
    {
        if (i > 0 && request.Delay > 0)
        {
            await Pacer.WaitUntilAsync(tick, start + ((long)i * request.Delay * (Stopwatch.Frequency / 1000)));
        }

        WriteChunk(writer);
        if ((await writer.FlushAsync()).IsCompleted || context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
    }

    writer.Write(MockAnswers.LastEvents.Span);
    await writer.FlushAsync();
}

static void WriteChunk(PipeWriter writer)
{
    const int digits = 20;
    var before = MockAnswers.ChunkBeforeTime.Span;
    var after = MockAnswers.ChunkAfterTime.Span;
    var span = writer.GetSpan(before.Length + digits + after.Length);
    before.CopyTo(span);
    Utf8Formatter.TryFormat((ulong)Stopwatch.GetTimestamp(), span.Slice(before.Length, digits), out _, new StandardFormat('D', digits));
    after.CopyTo(span[(before.Length + digits)..]);
    writer.Advance(before.Length + digits + after.Length);
}
