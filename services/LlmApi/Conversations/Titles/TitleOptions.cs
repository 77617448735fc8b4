using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Conversations.Titles;

/// <summary>How titles are made. Bound from <c>Titles</c>.</summary>
public sealed class TitleOptions
{
    /// <summary>Whether a model makes them; else they are taken from what the user says first.</summary>
    public bool Enabled { get; set; }

    /// <summary>The model that makes them; <c>auto</c> for the best the user has.</summary>
    [Required]
    [StringLength(256, MinimumLength = 1)]
    public string Model { get; set; } = "auto";

    /// <summary>How long a model may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many are made at a time.</summary>
    [Range(1, 64)]
    public int Workers { get; set; } = 2;

    /// <summary>How many turns may wait for a title; what comes beyond gets none for now.</summary>
    [Range(1, 100_000)]
    public int Capacity { get; set; } = 1000;
}

[OptionsValidator]
internal sealed partial class TitleOptionsValidator : IValidateOptions<TitleOptions>;
