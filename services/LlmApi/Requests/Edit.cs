namespace JanServer.LlmApi.Requests;

/// <summary>What takes the place of a range of the request body on its way upstream.</summary>
internal enum Replacement
{
    Nothing,
    UpstreamModel,
    True,
    UsageOptions,
    UsageMember,
    UsageOptionsMember,
}

/// <summary>A range of the request body and what takes its place. Edits are in order and do not overlap.</summary>
internal readonly record struct Edit(int Start, int End, Replacement With);
