namespace JanServer.ServiceDefaults.Outbound;

/// <summary>A request to an address that a user supplied.</summary>
/// <param name="Url">Absolute, http or https, without user and password.</param>
public sealed record OutboundRequest(Uri Url)
{
    /// <summary>GET unless told.</summary>
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>Headers for the origin of <see cref="Url"/>; a redirect to another origin does not carry them on.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The body, if there is one. It is sent to the origin of <see cref="Url"/> only.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>The body's content type.</summary>
    public string ContentType { get; init; } = "application/octet-stream";

    /// <summary>The largest answer in bytes, decompressed; <see cref="OutboundOptions.MaxBytes"/> unless told.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>Whether an answer that is too large is cut at <see cref="MaxBytes"/> instead of refused.</summary>
    public bool KeepBeginning { get; init; }

    /// <summary>Asked for every URL, also those of redirects, beside the rules that hold for all requests; null admits all.</summary>
    public Func<Uri, bool>? Admits { get; init; }

    /// <summary>For everything: waiting for a turn, connections, redirects, the body; <see cref="OutboundOptions.TimeoutSeconds"/> unless told.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The text that log lines may show: paths and queries carry secrets.</summary>
    public override string ToString() => $"{Method} {Url.Scheme}://{Url.Host}";
}
