using System.Diagnostics.CodeAnalysis;
using JanServer.Contracts.Ids;

namespace JanServer.LlmApi.Conversations.Items;

/// <summary>
/// The id of an item as clients write it. OpenAI's items have ids by their type (<c>msg_</c>, <c>fc_</c>, <c>ws_</c>, ...): an id whose end
/// is one of ours identifies an item whatever it begins with. Binding is total, like that of <see cref="Id{T}"/>.
/// </summary>
internal readonly record struct ItemRef(Id<ConversationItem> Id) : IParsable<ItemRef>
{
    private const int MaxPrefix = 8;

    public static ItemRef Parse(string? text) => TryParse(text, null, out var result) ? result : default;

    static ItemRef IParsable<ItemRef>.Parse(string s, IFormatProvider? provider) => Parse(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ItemRef result)
    {
        var end = s?.IndexOf('_', StringComparison.Ordinal) ?? -1;
        result = end is > 0 and <= MaxPrefix && !s.AsSpan(0, end).ContainsAnyExceptInRange('a', 'z')
            ? new(Id<ConversationItem>.Parse(string.Concat(ConversationItem.IdPrefix, s.AsSpan(end))))
            : default;
        return true;
    }
}
