using System.Collections.Frozen;
using System.Text.Json;
using JanServer.ResponseApi.Items;

namespace JanServer.ResponseApi.Contexts;

/// <summary>Items of llm-api in OpenAI's form: without what its lists say beside it.</summary>
internal static class ConversationItems
{
    private static readonly FrozenSet<string> Beside = FrozenSet.Create(
        StringComparer.Ordinal,
        "object",
        "branch",
        "sequence_number",
        "rating",
        "rated_at",
        "rating_comment",
        "created_at",
        "completed_at",
        "incomplete_at",
        "incomplete_details");

    /// <summary>The item without the members that are not OpenAI's.</summary>
    public static JsonElement Plain(JsonElement item) => ItemJson.Build(json =>
    {
        foreach (var member in item.EnumerateObject())
        {
            if (!Beside.Contains(member.Name) && member.Value.ValueKind != JsonValueKind.Null)
            {
                member.WriteTo(json);
            }
        }
    });
}
