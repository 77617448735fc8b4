using System.Collections.ObjectModel;
using System.Text.Json;

namespace JanServer.Contracts.Accounts;

/// <summary>What a user has chosen, with the defaults where they chose nothing.</summary>
/// <param name="MemoryConfig">What is remembered about the user, and how much of it reaches a prompt.</param>
/// <param name="ProfileSettings">How the user wants to be talked to.</param>
/// <param name="AdvancedSettings">What the model may use without being asked to.</param>
/// <param name="EnableTrace">Whether traces are shown to the user.</param>
/// <param name="EnableTools">Whether tools are offered to the model.</param>
/// <param name="Preferences">Whatever clients keep for the user; the server gives the keys no meaning.</param>
public sealed record UserSettings(
    MemoryConfig? MemoryConfig = null,
    ProfileSettings? ProfileSettings = null,
    AdvancedSettings? AdvancedSettings = null,
    bool EnableTrace = false,
    bool EnableTools = true,
    IReadOnlyDictionary<string, JsonElement>? Preferences = null)
{
    /// <summary>What is remembered about the user, and how much of it reaches a prompt.</summary>
    public MemoryConfig MemoryConfig { get; init; } = MemoryConfig ?? new();

    /// <summary>How the user wants to be talked to.</summary>
    public ProfileSettings ProfileSettings { get; init; } = ProfileSettings ?? new();

    /// <summary>What the model may use without being asked to.</summary>
    public AdvancedSettings AdvancedSettings { get; init; } = AdvancedSettings ?? new();

    /// <summary>Whatever clients keep for the user; the server gives the keys no meaning.</summary>
    public IReadOnlyDictionary<string, JsonElement> Preferences { get; init; } = Preferences ?? ReadOnlyDictionary<string, JsonElement>.Empty;
}

/// <summary>What is remembered about a user, and how much of it reaches a prompt.</summary>
/// <param name="Enabled">Whether memory is used at all.</param>
/// <param name="ObserveEnabled">Whether conversations are learnt from.</param>
/// <param name="InjectUserCore">Whether facts about the user reach prompts.</param>
/// <param name="InjectSemantic">Whether facts of the project reach prompts.</param>
/// <param name="InjectEpisodic">Whether earlier events reach prompts.</param>
/// <param name="MaxUserItems">How many facts about the user: 0 to 20.</param>
/// <param name="MaxProjectItems">How many facts of the project: 0 to 50.</param>
/// <param name="MaxEpisodicItems">How many earlier events: 0 to 20.</param>
/// <param name="MinSimilarity">How close to the question a fact must be: 0 to 1.</param>
public sealed record MemoryConfig(
    bool Enabled = true,
    bool ObserveEnabled = true,
    bool InjectUserCore = true,
    bool InjectSemantic = true,
    bool InjectEpisodic = false,
    int MaxUserItems = 3,
    int MaxProjectItems = 5,
    int MaxEpisodicItems = 3,
    double MinSimilarity = 0.75);

/// <summary>How a user wants to be talked to.</summary>
/// <param name="BaseStyle"><c>Concise</c>, <c>Friendly</c> or <c>Professional</c>; empty for no style.</param>
/// <param name="CustomInstructions">Further wishes about behaviour, style and tone.</param>
/// <param name="NickName">What to call the user.</param>
/// <param name="Occupation">What the user does.</param>
/// <param name="MoreAboutYou">What else the model should know about the user.</param>
public sealed record ProfileSettings(
    string BaseStyle = "Friendly",
    string CustomInstructions = "",
    string NickName = "",
    string Occupation = "",
    string MoreAboutYou = "");

/// <summary>What a model may use without being asked to.</summary>
/// <param name="WebSearch">Whether it may search the web.</param>
/// <param name="CodeEnabled">Whether it may run code.</param>
public sealed record AdvancedSettings(bool WebSearch = false, bool CodeEnabled = false);
