using JanServer.Contracts.Accounts;
using JanServer.LlmApi.Prompts.Templates;

namespace JanServer.LlmApi.Prompts.Modules;

/// <summary>What a user has said about how to be talked to, as variables.</summary>
internal static class UserProfile
{
    public static IReadOnlyList<string> Variables { get; } = ["BaseStyle", "CustomInstructions", "NickName", "Occupation", "MoreAboutYou"];

    public static bool IsTold(ProfileSettings profile) =>
        profile.BaseStyle.Length + profile.CustomInstructions.Length + profile.NickName.Length
        + profile.Occupation.Length + profile.MoreAboutYou.Length > 0;

    public static IReadOnlyDictionary<string, TemplateValue> Values(ProfileSettings profile) => new Dictionary<string, TemplateValue>
    {
        ["BaseStyle"] = profile.BaseStyle,
        ["CustomInstructions"] = profile.CustomInstructions,
        ["NickName"] = profile.NickName,
        ["Occupation"] = profile.Occupation,
        ["MoreAboutYou"] = profile.MoreAboutYou,
    };
}
