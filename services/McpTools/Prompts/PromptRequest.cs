using JanServer.McpTools.Protocol;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.McpTools.Prompts;

/// <summary>A prompt that is wanted.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Caller">For whom.</param>
/// <param name="Arguments">What goes into it.</param>
/// <param name="Client">The client, for a prompt that has questions for it.</param>
internal sealed record PromptRequest(string Name, Caller Caller, IReadOnlyDictionary<string, string> Arguments, ClientDialogue Client);
