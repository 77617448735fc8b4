using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JanServer.ServiceDefaults.Tests.Resilience;

/// <summary>A service that answers with one status after the other, and with 200 when it has no more.</summary>
internal sealed class ScriptedService : IAsyncDisposable
{
    private readonly ConcurrentQueue<int> _statuses;
    private TestHost _host = null!;
    private int _calls;

    private ScriptedService(int[] statuses) => _statuses = new(statuses);

    public Uri Address => _host.Address;

    public int Calls => _calls;

    public ConcurrentQueue<string> Bodies { get; } = new();

    public IReadOnlyDictionary<string, string> LastHeaders { get; private set; } = new Dictionary<string, string>();

    /// <summary>The Retry-After header of failures.</summary>
    public string? RetryAfter { get; set; }

    public static async Task<ScriptedService> StartAsync(params int[] statuses)
    {
        var service = new ScriptedService(statuses);
        service._host = await TestHost.StartBareAsync(app => app.Run(service.AnswerAsync));
        return service;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _calls);
        LastHeaders = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        using var reader = new StreamReader(context.Request.Body);
        Bodies.Enqueue(await reader.ReadToEndAsync(context.RequestAborted));
        context.Response.StatusCode = _statuses.TryDequeue(out var status) ? status : StatusCodes.Status200OK;
        if (RetryAfter is not null && context.Response.StatusCode >= 400)
        {
            context.Response.Headers.RetryAfter = RetryAfter;
        }
    }
}
