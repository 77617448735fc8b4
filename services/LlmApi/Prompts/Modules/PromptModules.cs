using System.Collections.Frozen;
using System.Globalization;
using JanServer.LlmApi.Prompts.Templates;

namespace JanServer.LlmApi.Prompts.Modules;

/// <summary>The eight modules, in their order.</summary>
internal static class PromptModules
{
    public static IReadOnlyList<PromptModule> All { get; } =
    [
        new(ModuleNames.DeepResearch, -20, ModuleNames.DeepResearch) { Applies = context => context.DeepResearch },
        new(ModuleNames.Timing, -15, ModuleNames.Timing)
        {
            Applies = _ => true,
            Variables = Set("CurrentDate"),
            Values = context => new Dictionary<string, TemplateValue>
            {
                ["CurrentDate"] = context.Now.ToString("MMMM d, yyyy", CultureInfo.InvariantCulture),
            },
        },
        new(ModuleNames.ProjectInstruction, -10, null) { Applies = context => !string.IsNullOrWhiteSpace(context.Inputs.ProjectInstruction) },
        new(ModuleNames.UserProfile, 5, ModuleNames.UserProfile)
        {
            Applies = context => context.Settings is not null && UserProfile.IsTold(context.Settings.ProfileSettings),
            Variables = Set(UserProfile.Variables),
            Values = context => UserProfile.Values(context.Settings!.ProfileSettings),
        },
        new(ModuleNames.Memory, 10, ModuleNames.Memory)
        {
            Applies = context => context.MemoryHints.Count > 0,
            Variables = Set("MemoryItems"),
            Values = context => new Dictionary<string, TemplateValue>
            {
                ["MemoryItems"] = new TemplateValue.List([.. context.MemoryHints.Select(hint => new TemplateValue.Text(hint))]),
            },
        },
        new(ModuleNames.ToolInstructions, 20, ModuleNames.ToolInstructions)
        {
            Applies = context => context.UsesTools,
            Variables = Set(ToolFacts.Variables),
            Values = context => ToolFacts.Values(context),
        },
        new(ModuleNames.CodeAssistant, 30, ModuleNames.CodeAssistant) { Applies = context => QuestionSigns.IsAboutCode(context.LastUserText) },
        new(ModuleNames.ChainOfThought, 40, ModuleNames.ChainOfThought) { Applies = context => QuestionSigns.WantsReasoning(context.LastUserText) },
    ];

    /// <summary>What the module of a template's key supplies; null for a key that no module has.</summary>
    public static IReadOnlySet<string>? VariablesOf(string templateKey) =>
        All.FirstOrDefault(module => module.TemplateKey == templateKey)?.Variables;

    private static FrozenSet<string> Set(params IEnumerable<string> names) => names.ToFrozenSet(StringComparer.Ordinal);
}
