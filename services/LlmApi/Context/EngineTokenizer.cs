using System.Buffers;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Providers;
using JanServer.LlmApi.Upstreams;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Context;

/// <summary>
/// Counts by the tokenizer of the model's own server, where it has one: <c>POST /tokenize</c> beside <c>/v1</c>, as llama-server and vLLM
/// answer it. Whether a server does is found out once and remembered; one that does not, or not in time, is left alone for a while.
/// </summary>
internal sealed class EngineTokenizer(UpstreamClient client, TimeProvider clock, IOptions<ContextOptions> options)
{
    private const int MaxAnswerBytes = 64 << 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly ConditionalWeakTable<Provider, Knowledge> _known = [];

    private enum Dialect
    {
        Unknown,
        None,

        /// <summary>Takes <c>content</c>, answers the tokens.</summary>
        LlamaServer,

        /// <summary>Takes <c>model</c> and <c>prompt</c>, answers their count.</summary>
        Vllm,
    }

    /// <summary>What is known of a provider; racing requests at worst find it out twice.</summary>
    private sealed class Knowledge
    {
        public volatile Dialect Dialect;

        public long Until;
    }

    /// <summary>The tokens of a text, or null when the server does not say.</summary>
    public async ValueTask<int?> CountAsync(ModelOffer offer, ReadOnlyMemory<byte> utf8, CancellationToken ct)
    {
        var known = _known.GetOrCreateValue(offer.Provider);
        if (known.Dialect == Dialect.None && clock.GetTimestamp() < Volatile.Read(ref known.Until))
        {
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.Value.EngineTimeout);
        try
        {
            if (known.Dialect is Dialect.Unknown or Dialect.None)
            {
                known.Dialect = await ProbeAsync(offer, limit.Token);
            }

            if (known.Dialect != Dialect.None && await AskAsync(offer, known.Dialect, utf8, limit.Token) is { Tokens: { } tokens })
            {
                return tokens;
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Too slow to wait for: as good as none.
        }
        catch (HttpRequestException)
        {
            // The completion itself will tell what is wrong with the server.
        }

        Volatile.Write(ref known.Until, clock.GetTimestamp() + (long)(Pause.TotalSeconds * clock.TimestampFrequency));
        known.Dialect = Dialect.None;
        return null;
    }

    private async Task<Dialect> ProbeAsync(ModelOffer offer, CancellationToken ct)
    {
        // Both dialects at once: each server reads the member it knows.
        var (tokens, isCount) = await AskAsync(offer, Dialect.Unknown, "two words"u8.ToArray(), ct);
        return tokens is not > 0 ? Dialect.None : isCount ? Dialect.Vllm : Dialect.LlamaServer;
    }

    private async Task<(int? Tokens, bool IsCount)> AskAsync(ModelOffer offer, Dialect dialect, ReadOnlyMemory<byte> utf8, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(offer.Provider.Settings.BaseUrl, "../tokenize"));
        request.Content = new ReadOnlyMemoryContent(Body(offer, dialect, utf8));
        request.Content.Headers.ContentType = Json;
        using var response = await client.SendAsync(request, offer.Provider, wantsStream: false, ct);
        if (!response.IsSuccessStatusCode)
        {
            return default;
        }

        await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, ct);
        return Read(await response.Content.ReadAsByteArrayAsync(ct));
    }

    private static ReadOnlyMemory<byte> Body(ModelOffer offer, Dialect dialect, ReadOnlyMemory<byte> utf8)
    {
        var body = new ArrayBufferWriter<byte>(utf8.Length + 256);
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        if (dialect != Dialect.LlamaServer)
        {
            json.WriteString("model"u8, offer.UpstreamId);
            json.WriteString("prompt"u8, utf8.Span);
        }

        if (dialect != Dialect.Vllm)
        {
            json.WriteString("content"u8, utf8.Span);
        }

        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }

    private static (int? Tokens, bool IsCount) Read(ReadOnlySpan<byte> answer)
    {
        try
        {
            var json = new Utf8JsonReader(answer);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                return default;
            }

            int? tokens = null;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isCount = json.ValueTextEquals("count"u8);
                var isList = json.ValueTextEquals("tokens"u8);
                json.Read();
                if (isCount && json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var count))
                {
                    return (count, true);
                }

                tokens = isList && json.TokenType == JsonTokenType.StartArray ? Elements(ref json) : tokens;
                json.Skip();
            }

            return (tokens, false);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static int Elements(ref Utf8JsonReader json)
    {
        var count = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            json.Skip();
            count++;
        }

        return count;
    }
}
