using JanServer.Contracts.Ids;

namespace JanServer.LlmApi.Conversations;

/// <summary>Marks the id of a folder of conversations, a "project" on the wire: <c>proj_…</c>.</summary>
internal abstract class ConversationFolder : IIdentified
{
    private ConversationFolder()
    {
    }

    public static string IdPrefix => "proj";
}
