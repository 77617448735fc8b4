using System.Text.Json;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Prompts.Modules;
using JanServer.LlmApi.Prompts.Templates;
using JanServer.LlmApi.Requests;
using JanServer.ServiceDefaults.Auth;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Prompts;

/// <summary>Asks the modules what they add to the system message of a request.</summary>
internal sealed partial class PromptComposer(
    PromptTemplates templates, UserSettingsCache settings, IOptions<PromptOptions> options, TimeProvider clock, ILogger<PromptComposer> logger)
{
    // Fixed text of ours around the user's own.
    private const string ProjectHeading = "Instruction of the project that this conversation belongs to. It takes precedence over general guidance:\n";

    private readonly IReadOnlyList<PromptModule> _enabled =
        [.. PromptModules.All.Where(module => !options.Value.DisabledModules.Contains(module.Name, StringComparer.Ordinal))];

    /// <summary>Whether there is anything to ask.</summary>
    public bool MayApply(PromptInputs inputs) => options.Value.Enabled || inputs.ProjectInstruction is not null;

    public async ValueTask<ComposedPrompt> ComposeAsync(
        CompletionRequest request, ReadOnlyMemory<byte> body, Caller caller, ModelRoute route, PromptInputs inputs, CancellationToken ct)
    {
        var modules = ModulesOf(request, body.Span);
        var wantsSettings = modules.Exists(module =>
            module.Name == ModuleNames.UserProfile
            || (module.Name == ModuleNames.Memory && (inputs.MemoryHints ?? (object?)inputs.ConversationMetadata) is not null));
        var known = wantsSettings ? await settings.FindAsync(caller.UserId, ct) : null;
        var context = new PromptContext(request, body, inputs, known, clock.GetLocalNow());

        List<string> before = [], after = [], applied = [], failed = [];
        foreach (var module in modules)
        {
            if (module.Name == ModuleNames.UserProfile && known is null && !caller.UserId.IsNone)
            {
                failed.Add(module.Name);
            }
            else if (module.Applies(context))
            {
                var (text, isFailure) = TextOf(module, context, route);
                if (isFailure)
                {
                    failed.Add(module.Name);
                }
                else if (!string.IsNullOrWhiteSpace(text))
                {
                    applied.Add(module.Name);
                    (module.Priority < 0 ? before : after).Add(text.Trim());
                }
            }
        }

        return applied.Count + failed.Count == 0 ? ComposedPrompt.Nothing : new(Join(before), Join(after), applied, failed);
    }

    private static string Join(List<string> texts) => string.Join("\n\n", texts);

    private List<PromptModule> ModulesOf(CompletionRequest request, ReadOnlySpan<byte> body)
    {
        var off = Disabled(body, request.Places.Find(Member.DisableModules));
        return
        [
            .. _enabled.Where(module =>
                (options.Value.Enabled || module.Name == ModuleNames.ProjectInstruction) && !off.Contains(module.Name, StringComparer.Ordinal)),
        ];
    }

    private static List<string> Disabled(ReadOnlySpan<byte> body, ByteRange place)
    {
        var names = new List<string>();
        if (!place.IsEmpty)
        {
            var json = new Utf8JsonReader(place.Of(body));
            while (json.Read())
            {
                if (json.TokenType == JsonTokenType.String)
                {
                    names.Add(json.GetString()!);
                }
            }
        }

        return names;
    }

    private (string? Text, bool IsFailure) TextOf(PromptModule module, PromptContext context, ModelRoute route)
    {
        if (module.TemplateKey is not { } key)
        {
            return (ProjectHeading + context.Inputs.ProjectInstruction, false);
        }

        var set = templates.Current;
        if (set.Find(route.Id, key) is not { } active)
        {
            // A template that was switched off switches its module off; one that could not be read yet is a failure.
            return (null, !set.IsLoaded);
        }

        var (text, problem) = active.Template is { } template ? template.Render(new(module.Values(context))) : (null, active.Problem);
        if (text is null)
        {
            Log.NotRendered(logger, module.Name, active.Id, problem!);
        }

        return (text, text is null);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The prompt module {Module} is left out: template {Template}: {Problem}")]
        public static partial void NotRendered(ILogger logger, string module, string template, string problem);
    }
}
