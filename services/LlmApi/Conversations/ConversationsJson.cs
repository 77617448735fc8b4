using System.Text.Json;
using System.Text.Json.Serialization;
using JanServer.LlmApi.Conversations.Branches;
using JanServer.LlmApi.Conversations.Items;
using JanServer.ServiceDefaults.Paging;

namespace JanServer.LlmApi.Conversations;

/// <summary>Every type that the endpoints of conversations read or write.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreateConversation))]
[JsonSerializable(typeof(UpdateConversation))]
[JsonSerializable(typeof(ConversationResource))]
[JsonSerializable(typeof(Page<ConversationResource>))]
[JsonSerializable(typeof(DeletedConversation))]
[JsonSerializable(typeof(DeletedConversations))]
[JsonSerializable(typeof(CreateItems))]
[JsonSerializable(typeof(UpdateCall))]
[JsonSerializable(typeof(RateItem))]
[JsonSerializable(typeof(ItemResource))]
[JsonSerializable(typeof(Page<ItemResource>))]
[JsonSerializable(typeof(CreateBranch))]
[JsonSerializable(typeof(BranchResource))]
[JsonSerializable(typeof(BranchList))]
[JsonSerializable(typeof(ActivatedBranch))]
[JsonSerializable(typeof(EditItem))]
[JsonSerializable(typeof(RegenerateItem))]
[JsonSerializable(typeof(EditedItem))]
[JsonSerializable(typeof(RegeneratedItem))]
[JsonSerializable(typeof(DeletedItem))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
internal sealed partial class ConversationsJson : JsonSerializerContext;
