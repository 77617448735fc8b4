namespace JanServer.McpTools.External.Servers;

/// <summary>In what role a caller comes to a server.</summary>
internal enum ServerAccess
{
    /// <summary>Calls its tools: the user's own servers, and those of administrators for everybody or for the caller's organization.</summary>
    Use,

    /// <summary>Changes it: the user's own servers in the caller's project.</summary>
    Own,

    /// <summary>Changes it as an administrator: all but those of users.</summary>
    Administer,
}
