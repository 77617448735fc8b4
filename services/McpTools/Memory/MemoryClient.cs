using System.Text.Json;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Resilience;

namespace JanServer.McpTools.Memory;

/// <summary>Asks memory-tools what it remembers. A typed client.</summary>
internal sealed class MemoryClient(HttpClient http)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Loads memories of the caller.</summary>
    /// <exception cref="HttpRequestException">memory-tools could not be reached, failed, or answered no JSON.</exception>
    public async Task<LoadedMemories> LoadAsync(Caller caller, LoadMemories load, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(Timeout);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/memory/load", UriKind.Relative))
        {
            Content = JsonContent.Create(load, MemoryJson.Default.LoadMemories),
        };
        try
        {
            using var response = await http.SendAsync(request.For(caller), deadline.Token);
            response.EnsureSuccessStatusCode();
            return await response.Content.ReadFromJsonAsync(MemoryJson.Default.LoadedMemories, deadline.Token)
                ?? throw new HttpRequestException("memory-tools answered with an empty body.");
        }
        catch (JsonException e)
        {
            throw new HttpRequestException("memory-tools answered what is no JSON of memories.", e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new HttpRequestException("memory-tools did not answer in time.", e);
        }
    }
}
