using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local.Dashboard;

/// <summary>
/// Takes secrets out of environment variables: whatever has the name of one, every value of a secret parameter wherever it is
/// part of a text, and the password of an address.
/// </summary>
internal sealed partial class SecretMask
{
    private const string Masked = "••••••";

    // A shorter value would be found by chance in other texts, which would then give it away.
    private const int ShortestSearched = 6;

    private readonly string[] _secrets;

    private SecretMask(string[] secrets) => _secrets = secrets;

    public static async Task<SecretMask> ForAsync(IEnumerable<IResource> model, CancellationToken ct)
    {
        var secrets = new HashSet<string>(StringComparer.Ordinal);
        foreach (var parameter in model.OfType<ParameterResource>().Where(p => p.Secret))
        {
            try
            {
                if (await parameter.GetValueAsync(ct) is { Length: >= ShortestSearched } value)
                {
                    secrets.Add(value);
                    secrets.Add(Uri.EscapeDataString(value));
                }
            }
            catch (DistributedApplicationException)
            {
                // It has no value, so none can be shown.
            }
        }

        // A secret that contains another one has to go first, or its rest would stay.
        return new([.. secrets.OrderByDescending(s => s.Length)]);
    }

    public VariableView Apply(string name, string value)
    {
        if (value.Length > 0 && SecretName.IsMatch(name))
        {
            return new(name, Masked, true);
        }

        var shown = _secrets.Aggregate(value, (text, secret) => text.Replace(secret, Masked, StringComparison.Ordinal));
        shown = UserInfo.Replace(shown, $"$1{Masked}@");
        shown = Password.Replace(shown, $"$1{Masked}");
        return new(name, shown, shown != value);
    }

    [GeneratedRegex(
        "password|passwd|pwd|secret|token|credential|connectionstring|cookie|private|signature|key$|key_|_key|apikey",
        RegexOptions.IgnoreCase)]
    private static partial Regex SecretName { get; }

    [GeneratedRegex("(://[^/@\\s:]*:)[^/@\\s]+@")]
    private static partial Regex UserInfo { get; }

    [GeneratedRegex("""(\b(?:password|pwd)\s*=\s*)("[^"]*"|'[^']*'|[^;,\s]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex Password { get; }
}
