using System.Diagnostics;
using System.Text;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Prompts;
using JanServer.LlmApi.Requests;
using JanServer.Testing.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace JanServer.LlmApi.Tests.Prompts;

public class PreparationCostTests(LlmApiFactory api, ITestOutputHelper output) : IClassFixture<LlmApiFactory>
{
    private const int Rounds = 20_000;

    // The result, and in debug builds the states of asynchronous methods: no list of edits, no map of messages.
    private const int MaxBytes = 400;

    [Fact]
    public async Task A_request_that_needs_nothing_is_only_looked_at()
    {
        using var started = api.Anonymous();
        var preparation = api.Services.GetRequiredService<RequestPreparation>();
        var text = Encoding.UTF8.GetBytes(
            """{"model":"vendor/model","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello, how are you?"}],"stream":true}""");
        using var body = await ReadAsync(text);
        var request = RequestScan.Read(Operation.Chat, body.Bytes.Span, out _)!;
        var caller = TestCallers.User();
        var route = new ModelRoute("vendor/model", 0, "vendor", false, []);

        var (bytes, prepared) = Measure(() => Prepare());
        var (_, scanned) = Measure(() => RequestScan.Read(Operation.Chat, body.Bytes.Span, out var _));
        output.WriteLine($"Preparation takes {prepared.TotalNanoseconds / Rounds:0} ns and {bytes} bytes, the scan before it {scanned.TotalNanoseconds / Rounds:0} ns.");
        Assert.InRange(bytes, 0, MaxBytes);

        object? Prepare()
        {
            var task = preparation.PrepareAsync(request, body, request.Edits, caller, route, PromptInputs.None, default);
            return task.IsCompletedSuccessfully ? task.Result.Request : throw new InvalidOperationException("It waited for something.");
        }
    }

    private static (long Bytes, TimeSpan Time) Measure(Func<object?> run)
    {
        for (var i = 0; i < Rounds; i++)
        {
            run();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Rounds; i++)
        {
            run();
        }

        return ((GC.GetAllocatedBytesForCurrentThread() - before) / Rounds, Stopwatch.GetElapsedTime(start));
    }

    private static async Task<RequestBody> ReadAsync(byte[] text)
    {
        var http = new DefaultHttpContext();
        http.Request.Body = new MemoryStream(text);
        http.Request.ContentType = "application/json";
        var (body, _) = await RequestBody.ReadAsync(http, 1 << 20, default);
        return body!;
    }
}
