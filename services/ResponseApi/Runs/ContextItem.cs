using System.Text.Json;

namespace JanServer.ResponseApi.Runs;

/// <summary>An item as clients see it, and what the model was told about it where the item does not say that itself.</summary>
/// <param name="Item">OpenAI's form, with <c>type</c> and <c>id</c>.</param>
/// <param name="Execution">For the item of a tool that ran here: the call as the model made it and the result as the model read it.</param>
internal readonly record struct ContextItem(JsonElement Item, ToolExecution? Execution = null);
