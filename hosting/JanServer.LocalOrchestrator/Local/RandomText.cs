using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

internal static class RandomText
{
    // Characters that look alike are left out: some of these texts are typed by people.
    private const string Lowers = "abcdefghjkmnpqrstuvwxyz";
    private const string Uppers = "ABCDEFGHJKMNPQRSTUVWXYZ";
    private const string Digits = "0123456789";
    private const string Specials = "-_.{}~()*+!";

    public static string Create(GenerateParameterDefault rule)
    {
        var classes = new[]
        {
            (Use: rule.Lower, Characters: Lowers, Least: rule.MinLower),
            (Use: rule.Upper, Characters: Uppers, Least: rule.MinUpper),
            (Use: rule.Numeric, Characters: Digits, Least: rule.MinNumeric),
            (Use: rule.Special, Characters: Specials, Least: rule.MinSpecial),
        }.Where(c => c.Use).ToArray();
        if (classes.Length == 0)
        {
            throw new ArgumentException("A generated parameter needs at least one class of characters.");
        }

        var text = classes.SelectMany(c => RandomNumberGenerator.GetItems<char>(c.Characters, c.Least)).ToList();
        var all = string.Concat(classes.Select(c => c.Characters));
        text.AddRange(RandomNumberGenerator.GetItems<char>(all, Math.Max(0, rule.MinLength - text.Count)));
        var characters = text.ToArray();
        RandomNumberGenerator.Shuffle(characters.AsSpan());
        return new(characters);
    }
}
