namespace JanServer.ServiceDefaults.Outbound;

/// <summary>The host is unknown or has an address that is not to be reached; which of the two is not told, since that maps a network.</summary>
public sealed class OutboundRefusedException(Exception? innerException = null)
    : IOException("The host is unknown, or its address may not be reached from here.", innerException);
