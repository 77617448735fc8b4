using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

internal static class ConnectionProperties
{
    /// <summary>Later values win; order is that of first appearance.</summary>
    public static IEnumerable<KeyValuePair<string, ReferenceExpression>> Merge(
        IEnumerable<KeyValuePair<string, ReferenceExpression>> first, IEnumerable<KeyValuePair<string, ReferenceExpression>> second)
    {
        var merged = new OrderedDictionary<string, ReferenceExpression>(StringComparer.Ordinal);
        foreach (var (key, value) in first.Concat(second))
        {
            merged[key] = value;
        }

        return merged;
    }
}
