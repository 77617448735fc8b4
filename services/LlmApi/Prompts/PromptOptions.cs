using System.ComponentModel.DataAnnotations;
using JanServer.LlmApi.Prompts.Modules;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Prompts;

/// <summary>Which prompt modules are in use. Bound from <c>Prompts</c>.</summary>
public sealed class PromptOptions : IValidatableObject
{
    /// <summary>Whether modules add to the system message. The instruction of a project does so in any case.</summary>
    public bool Enabled { get; set; }

    /// <summary>Modules that are off.</summary>
    public List<string> DisabledModules { get; } = [];

    /// <summary>How long a user's settings are remembered.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan SettingsLifetime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long accounts may take to give a user's settings; then the request goes on without them.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:30")]
    public TimeSpan SettingsTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often templates are read, so that replicas agree.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan ReloadPeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => DisabledModules
        .Where(name => !ModuleNames.All.Contains(name, StringComparer.Ordinal))
        .Select(name => new ValidationResult($"Prompts:DisabledModules names the module '{name}', which does not exist."));
}

[OptionsValidator]
internal sealed partial class PromptOptionsValidator : IValidateOptions<PromptOptions>;
