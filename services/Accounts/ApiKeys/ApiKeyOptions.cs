using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.Accounts.ApiKeys;

/// <summary>What API keys look like and how many there may be. Bound from <c>ApiKeys</c>.</summary>
public sealed class ApiKeyOptions
{
    /// <summary>What keys begin with. The gateway tells keys from tokens by <c>sk_</c>.</summary>
    [Required]
    [RegularExpression("^sk_[a-z0-9]{1,16}$")]
    public string Prefix { get; set; } = "sk_live";

    /// <summary>How many active keys a user may have: 1 to 1000.</summary>
    [Range(1, 1000)]
    public int MaxPerUser { get; set; } = 5;

    /// <summary>How long a key lives when its maker does not say, in hours: 1 to 87600.</summary>
    [Range(1, 87_600)]
    public int DefaultHours { get; set; } = 2160;

    /// <summary>How long a key may live at most, in hours: 1 to 87600. What asks for more gets this.</summary>
    [Range(1, 87_600)]
    public int MaxHours { get; set; } = 2160;

    /// <summary>How often the time of last use is written, in seconds: 1 to 3600.</summary>
    [Range(1, 3600)]
    public int UseWrittenEverySeconds { get; set; } = 60;

    internal TimeSpan DefaultLifetime => TimeSpan.FromHours(Math.Min(DefaultHours, MaxHours));

    internal TimeSpan MaxLifetime => TimeSpan.FromHours(MaxHours);
}

[OptionsValidator]
internal sealed partial class ApiKeyOptionsValidator : IValidateOptions<ApiKeyOptions>;
