namespace JanServer.LlmApi.Requests;

/// <summary>The bytes that take the place of a range of the request body. Those of the model's id are only known once a provider is.</summary>
internal readonly record struct Replacement
{
    private Replacement(ReadOnlyMemory<byte> bytes, bool isUpstreamModel = false) => (Bytes, IsUpstreamModel) = (bytes, isUpstreamModel);

    public static Replacement Nothing { get; }

    /// <summary>The id by which the provider that is asked knows the model, as a JSON string.</summary>
    public static Replacement UpstreamModel { get; } = new(default, isUpstreamModel: true);

    public static Replacement True { get; } = new("true"u8.ToArray());

    public static Replacement UsageOptions { get; } = new("{\"include_usage\":true}"u8.ToArray());

    public static Replacement UsageMember { get; } = new("\"include_usage\":true,"u8.ToArray());

    public static Replacement UsageOptionsMember { get; } = new(",\"stream_options\":{\"include_usage\":true}"u8.ToArray());

    public ReadOnlyMemory<byte> Bytes { get; }

    public bool IsUpstreamModel { get; }

    public bool IsNothing => Bytes.IsEmpty && !IsUpstreamModel;

    public static Replacement Of(ReadOnlyMemory<byte> bytes) => new(bytes);
}
