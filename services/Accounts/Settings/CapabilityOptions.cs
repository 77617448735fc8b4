namespace JanServer.Accounts.Settings;

/// <summary>What the deployment around accounts can do. Bound from <c>Accounts:Capabilities</c>.</summary>
public sealed class CapabilityOptions
{
    /// <summary>Whether some provider makes images.</summary>
    public bool ImageGeneration { get; set; }
}
