namespace JanServer.LlmApi.Streaming;

/// <summary>What one choice of an answer object says.</summary>
internal struct ChoiceScan
{
    /// <summary>Its <c>index</c>.</summary>
    public int Index { get; set; }

    /// <summary>The content string of its <c>delta</c> or <c>message</c> with the quotes; empty when it has none.</summary>
    public Range Content { get; set; }

    /// <summary>Where the first member of its <c>delta</c> or <c>message</c> would be; 0 when there is no such object.</summary>
    public int DeltaAt { get; set; }

    /// <summary>Whether that object has no members.</summary>
    public bool DeltaIsEmpty { get; set; }

    /// <summary>The length of the reasoning that the upstream itself has told from the content, in bytes as they came.</summary>
    public int ReasoningLength { get; set; }

    public bool IsFinished { get; set; }
}
