using System.Text.Encodings.Web;
using System.Text.Json;
using JanServer.LlmApi.Providers;

namespace JanServer.LlmApi.Models;

/// <summary>One provider's offer of a model.</summary>
/// <param name="UpstreamId">The provider's own id.</param>
/// <param name="UpstreamIdJson">The same as a JSON string.</param>
internal sealed record ModelOffer(Provider Provider, string UpstreamId, byte[] UpstreamIdJson)
{
    /// <summary>What the provider takes for it; null when nobody has said.</summary>
    public ModelPricing? Pricing { get; init; }
}

/// <summary>A public model id and who serves it, in the order in which they are tried.</summary>
internal sealed record ModelRoute(string Id, long Created, string OwnedBy, bool IsDemo, IReadOnlyList<ModelOffer> Offers)
{
    /// <summary>What the catalogue knows about the model.</summary>
    public ModelDetails Details { get; init; } = ModelDetails.Unknown;

    private static readonly string[] NotForChat = ["embed", "rerank", "whisper", "tts", "dall-e", "bge-", "moderation"];

    /// <summary>Whether the id does not speak against chat; no listing says what a model is for.</summary>
    public bool MayChat => !NotForChat.Any(part => Id.Contains(part, StringComparison.OrdinalIgnoreCase));

    public static byte[] Quote(string id)
    {
        var encoded = JsonEncodedText.Encode(id, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes;
        return [(byte)'"', .. encoded, (byte)'"'];
    }
}
