namespace Aspire.Hosting.Local;

internal static class ResourceName
{
    /// <summary>Names become host names: 1..64 ASCII letters, digits and single hyphens, a letter first, no hyphen at the end.</summary>
    public static void Check(string name)
    {
        var valid = name.Length is > 0 and <= 64
            && char.IsAsciiLetter(name[0])
            && name[^1] != '-'
            && !name.Contains("--", StringComparison.Ordinal)
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
        if (!valid)
        {
            throw new ArgumentException(
                $"'{name}' is not a resource name: 1 to 64 ASCII letters, digits and single hyphens, a letter first, no hyphen last.",
                nameof(name));
        }
    }
}
