using System.ClientModel;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace JanServer.Inference.Tests.Sdk;

/// <summary>OpenAI's own client, unchanged, against the engine.</summary>
public sealed class OpenAISdkTests : IClassFixture<EngineHost>
{
    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool(
        "get_weather",
        "Get the current weather for a city",
        BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}"""));

    private readonly OpenAIClient _client;

    public OpenAISdkTests(EngineHost engine)
    {
        _client = new OpenAIClient(new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri(engine.Address, "v1") });
    }

    private ChatClient Chat => _client.GetChatClient("jan-demo");

    [Fact]
    public async Task Models_are_listed() =>
        Assert.Contains("jan-demo", (await _client.GetOpenAIModelClient().GetModelsAsync()).Value.Select(model => model.Id));

    [Fact]
    public async Task A_chat_is_answered()
    {
        var answer = (await Chat.CompleteChatAsync(new UserChatMessage("repeat after me: pelican"))).Value;

        Assert.Equal("pelican", answer.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.True(answer.Usage.InputTokenCount > 0);
    }

    [Fact]
    public async Task A_stream_arrives_in_pieces_with_its_usage()
    {
        var pieces = new List<string>();
        ChatTokenUsage? usage = null;
        await foreach (var update in Chat.CompleteChatStreamingAsync(new UserChatMessage("Who are you?")))
        {
            pieces.AddRange(update.ContentUpdate.Select(part => part.Text).Where(text => text.Length > 0));
            usage = update.Usage ?? usage;
        }

        Assert.True(pieces.Count > 20);
        Assert.Contains("rule-based", string.Concat(pieces), StringComparison.Ordinal);
        Assert.Equal(pieces.Count, usage!.OutputTokenCount);
    }

    [Fact]
    public async Task A_tool_is_called_and_its_result_told()
    {
        var options = new ChatCompletionOptions { Tools = { Weather } };
        List<ChatMessage> messages = [new UserChatMessage("What is the weather in Oslo?")];
        var asked = (await Chat.CompleteChatAsync(messages, options)).Value;

        Assert.Equal(ChatFinishReason.ToolCalls, asked.FinishReason);
        var call = Assert.Single(asked.ToolCalls);
        Assert.Equal("Oslo", JsonElement.Parse(call.FunctionArguments.ToString()).GetProperty("city").GetString());

        messages.Add(new AssistantChatMessage(asked));
        messages.Add(new ToolChatMessage(call.Id, """{"temperature":3,"sky":"clear"}"""));
        var told = (await Chat.CompleteChatAsync(messages, options)).Value;

        Assert.Contains("get_weather", told.Content[0].Text, StringComparison.Ordinal);
        Assert.Contains("temperature: 3", told.Content[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_streamed_tool_call_is_assembled()
    {
        var name = "";
        var arguments = "";
        var options = new ChatCompletionOptions { Tools = { Weather } };
        await foreach (var update in Chat.CompleteChatStreamingAsync([new UserChatMessage("What is the weather in Oslo?")], options))
        {
            foreach (var call in update.ToolCallUpdates)
            {
                name += call.FunctionName;
                arguments += call.FunctionArgumentsUpdate;
            }
        }

        Assert.Equal("get_weather", name);
        Assert.Equal("""{"city":"Oslo"}""", arguments);
    }

    [Fact]
    public async Task Structured_output_follows_the_schema()
    {
        var options = new ChatCompletionOptions
        {
            ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat(
                "person",
                BinaryData.FromString("""
                    {"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},
                     "required":["name","age"],"additionalProperties":false}
                    """),
                jsonSchemaIsStrict: true),
        };
        var answer = (await Chat.CompleteChatAsync([new UserChatMessage("My name is Ann and I am 31 years old.")], options)).Value;

        Assert.Equal("""{"name":"Ann","age":31}""", answer.Content[0].Text);
    }

    [Fact]
    public async Task Embeddings_are_made()
    {
        var client = _client.GetEmbeddingClient("jan-demo-embed");
        var options = new EmbeddingGenerationOptions { Dimensions = 128 };
        var vectors = (await client.GenerateEmbeddingsAsync(["a river", "a mountain"], options)).Value;

        Assert.Equal(2, vectors.Count);
        Assert.Equal(128, vectors[0].ToFloats().Length);
    }

    [Fact]
    public async Task An_unknown_model_is_an_error_that_the_client_understands()
    {
        var client = _client.GetChatClient("gpt-9");
        var error = await Assert.ThrowsAsync<ClientResultException>(() => client.CompleteChatAsync(new UserChatMessage("hi")));

        Assert.Equal(404, error.Status);
        Assert.Contains("gpt-9", error.Message, StringComparison.Ordinal);
    }
}
