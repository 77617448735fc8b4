namespace JanServer.LlmApi.Prompts.Modules;

/// <summary>The names of the prompt modules; those of the reference, for clients see them in a header.</summary>
internal static class ModuleNames
{
    public const string DeepResearch = "deep_research";
    public const string Timing = "timing";
    public const string ProjectInstruction = "project_instruction";
    public const string UserProfile = "user_profile";
    public const string Memory = "memory";
    public const string ToolInstructions = "tool_instructions";
    public const string CodeAssistant = "code_assistant";
    public const string ChainOfThought = "chain_of_thought";

    public static IReadOnlyList<string> All { get; } =
        [DeepResearch, Timing, ProjectInstruction, UserProfile, Memory, ToolInstructions, CodeAssistant, ChainOfThought];
}
