using System.Globalization;
using System.Text;

namespace JanServer.Benchmarks.MockUpstream;

/// <summary>The fixed bytes of all answers.</summary>
internal static class MockAnswers
{
    private const string ChunkHead =
        """{"id":"chatcmpl-mock0001","object":"chat.completion.chunk","created":1700000000,"model":"mock-model","system_fingerprint":"fp_mock","choices":[""";

    public static ReadOnlyMemory<byte> Completion { get; } = Utf8(
        """{"id":"chatcmpl-mock0001","object":"chat.completion","created":1700000000,"model":"mock-model","system_fingerprint":"fp_mock","choices":[{"index":0,"message":{"role":"assistant","content":"The quick brown fox jumps over the lazy dog. This is a fixed mock completion used for gateway benchmarking purposes only.","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":24,"completion_tokens":28,"total_tokens":52,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}}""");

    public static ReadOnlyMemory<byte> Models { get; } = Utf8(
        "{\"object\":\"list\",\"data\":[" + string.Join(',', MockRequest.ListedModels.Select(Card)) + "]}");

    public static ReadOnlyMemory<byte> Embeddings { get; } = Utf8(
        "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[" + Vector()
        + "]}],\"model\":\"mock-model\",\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}");

    public static ReadOnlyMemory<byte> ChunkBeforeTime { get; } = Utf8("data: " + ChunkHead + """{"index":0,"delta":{"content":"tok@T""");

    public static ReadOnlyMemory<byte> ChunkAfterTime { get; } = Utf8("\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n");

    public static ReadOnlyMemory<byte> LastEvents { get; } = Utf8(
        "data: " + ChunkHead + """{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":24,"completion_tokens":100,"total_tokens":124}}"""
        + "\n\ndata: [DONE]\n\n");

    private static string Card(string id) => "{\"id\":\"" + id + "\",\"object\":\"model\",\"created\":1700000000,\"owned_by\":\"mock\"}";

    private static string Vector() => string.Join(
        ',',
        Enumerable.Range(0, 1024).Select(i => (Math.Sin(i) / 20).ToString("F6", CultureInfo.InvariantCulture)));

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
