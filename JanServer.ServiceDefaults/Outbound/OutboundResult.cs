using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace JanServer.ServiceDefaults.Outbound;

/// <summary>What came back.</summary>
/// <param name="Status">The status of the last answer; redirects were followed.</param>
/// <param name="Url">Where it came from in the end.</param>
/// <param name="ContentType">What the server says it is, without parameters.</param>
/// <param name="Body">The body, decompressed.</param>
public sealed record OutboundResponse(HttpStatusCode Status, Uri Url, string? ContentType, ReadOnlyMemory<byte> Body)
{
    /// <summary>The character set that the content type names.</summary>
    public string? Charset { get; init; }

    /// <summary>Whether more was to come, which <see cref="OutboundRequest.KeepBeginning"/> left unread.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>Whether the status is 200 to 299.</summary>
    public bool IsSuccess => (int)Status is >= 200 and <= 299;
}

/// <summary>An answer or why there is none.</summary>
public sealed class OutboundResult
{
    internal OutboundResult(OutboundResponse response) => Response = response;

    internal OutboundResult(OutboundFailure failure) => Failure = failure;

    /// <summary>The answer, of whatever status.</summary>
    public OutboundResponse? Response { get; }

    /// <summary>Why there is no answer.</summary>
    public OutboundFailure? Failure { get; }

    /// <summary>Whether there is an answer.</summary>
    [MemberNotNullWhen(true, nameof(Response))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool HasResponse => Response is not null;
}
