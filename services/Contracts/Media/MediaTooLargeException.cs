using System.Net;

namespace JanServer.Contracts.Media;

/// <summary>The files together are more than media-api gives or takes in one request; links have no such limit.</summary>
public sealed class MediaTooLargeException()
    : HttpRequestException("The files are larger than one request may be.", null, HttpStatusCode.RequestEntityTooLarge);
