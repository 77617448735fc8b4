using System.Text.Encodings.Web;
using System.Text.Json;
using JanServer.LlmApi.Catalogue;
using JanServer.LlmApi.Providers;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.LlmApi.Models;

/// <summary>One provider's offer of a model.</summary>
/// <param name="UpstreamId">The provider's own id.</param>
/// <param name="UpstreamIdJson">The same as a JSON string.</param>
internal sealed record ModelOffer(Provider Provider, string UpstreamId, byte[] UpstreamIdJson)
{
    /// <summary>What the provider takes for it; null when nobody has said.</summary>
    public ModelPricing? Pricing { get; init; }

    /// <summary>What is stored about it; null until it has been synchronized.</summary>
    public ProviderModel? Row { get; init; }
}

/// <summary>A public model id and who serves it, in the order in which they are tried.</summary>
internal sealed record ModelRoute(string Id, long Created, string OwnedBy, bool IsDemo, IReadOnlyList<ModelOffer> Offers)
{
    private const string ExperimentalFlag = "experimental_models";

    private static readonly string[] NotForChat = ["embed", "rerank", "whisper", "tts", "dall-e", "bge-", "moderation"];

    /// <summary>What the catalogue knows about the model.</summary>
    public ModelDetails Details { get; init; } = ModelDetails.Unknown;

    /// <summary>Providers' own ids that mean this model and no other.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Whether its providers make images and no text.</summary>
    public bool MakesImages { get; init; }

    /// <summary>Whether nothing speaks against chat; most listings do not say what a model is for, so its id has to.</summary>
    public bool MayChat => !MakesImages && Details.Features?.HasFlag(ModelFeatures.Embeddings) != true
        && !NotForChat.Any(part => Id.Contains(part, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the caller may see and use it: by the list of its key and by the flags of its user.</summary>
    public bool IsFor(Caller caller) =>
        (caller.Models is null || caller.MayUse(Id) || Aliases.Any(caller.MayUse)) && IsFlaggedFor(caller);

    /// <summary>Whether the caller has the flags that the model takes.</summary>
    public bool IsFlaggedFor(Caller caller) => IsFlaggedFor(Details.IsExperimental, Details.RequiresFeatureFlag, caller);

    /// <summary>Whether the caller has the flags that such a model takes.</summary>
    public static bool IsFlaggedFor(bool isExperimental, string? flag, Caller caller) =>
        (!isExperimental || caller.Flags.Contains(ExperimentalFlag)) && (flag is null || caller.Flags.Contains(flag));

    public static byte[] Quote(string id)
    {
        var encoded = JsonEncodedText.Encode(id, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes;
        return [(byte)'"', .. encoded, (byte)'"'];
    }
}
