using System.ClientModel;
using JanServer.AppHost.Tests.WholeSystem;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;
using OpenAI.Images;

namespace JanServer.AppHost.Tests.Clients;

/// <summary>The official OpenAI SDK for C#, unchanged, against the gateway.</summary>
[Collection(SharedSystem.Name)]
public sealed class DotNetSdkTests(JanServerSystem system)
{
    private const string Model = "jan-demo";

    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool(
        "get_weather",
        "Tells the weather in a city",
        BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""));

    [Fact]
    public async Task Models_are_listed_and_read()
    {
        var models = (await ForNewGuestAsync()).GetOpenAIModelClient();
        var listed = (await models.GetModelsAsync()).Value;
        Assert.Contains(listed, model => model.Id == Model);
        Assert.Equal(Model, (await models.GetModelAsync(Model)).Value.Id);
    }

    [Fact]
    public async Task A_chat_is_answered_and_metered()
    {
        ChatCompletion answer = await (await ForNewGuestAsync()).GetChatClient(Model).CompleteChatAsync("What is 12 * 34?");
        Assert.Contains("408", answer.Content[0].Text, StringComparison.Ordinal);
        Assert.Equal(answer.Usage.InputTokenCount + answer.Usage.OutputTokenCount, answer.Usage.TotalTokenCount);
        Assert.Equal(Model, answer.Model);
    }

    [Fact]
    public async Task An_image_is_made()
    {
        GeneratedImage image = await (await ForNewGuestAsync()).GetImageClient("jan-demo-image")
            .GenerateImageAsync("a blue square", new() { ResponseFormat = GeneratedImageFormat.Bytes });
        Assert.Equal("PNG"u8, image.ImageBytes.ToMemory().Span[1..4]);
    }

#pragma warning disable OPENAI001 // The SDK calls its own methods for stored completions experimental.
    [Fact]
    public async Task A_completion_that_is_stored_can_be_read_changed_and_deleted()
    {
        var chat = (await ForNewGuestAsync()).GetChatClient(Model);
        var options = new ChatCompletionOptions { StoredOutputEnabled = true, Metadata = { ["topic"] = "sums" } };
        ChatCompletion created = await chat.CompleteChatAsync([new UserChatMessage("What is 12 * 34?")], options);

        ChatCompletion stored = await chat.GetChatCompletionAsync(created.Id);
        Assert.Equal(created.Content[0].Text, stored.Content[0].Text);
        ChatCompletion changed = await chat.UpdateChatCompletionAsync(created.Id, new Dictionary<string, string> { ["topic"] = "more" });
        Assert.Equal(created.Id, changed.Id);
        var ids = new List<string>();
        await foreach (var one in chat.GetChatCompletionsAsync())
        {
            ids.Add(one.Id);
        }

        Assert.Equal([created.Id], ids);
        Assert.True((await chat.DeleteChatCompletionAsync(created.Id)).Value.Deleted);
    }
#pragma warning restore OPENAI001

    [Fact]
    public async Task A_streamed_chat_ends_with_its_usage()
    {
        var text = "";
        ChatTokenUsage? usage = null;
        await foreach (var update in (await ForNewGuestAsync()).GetChatClient(Model).CompleteChatStreamingAsync("What is 12 * 34?"))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            usage = update.Usage ?? usage;
        }

        Assert.Contains("408", text, StringComparison.Ordinal);
        Assert.True(usage?.OutputTokenCount > 0);
    }

    [Fact]
    public async Task A_tool_call_makes_a_round_trip()
    {
        var chat = (await ForNewGuestAsync()).GetChatClient(Model);
        var messages = new List<ChatMessage> { new UserChatMessage("What is the weather in Paris?") };
        var options = new ChatCompletionOptions { Tools = { Weather } };

        ChatCompletion first = await chat.CompleteChatAsync(messages, options);
        Assert.Equal(ChatFinishReason.ToolCalls, first.FinishReason);
        var call = Assert.Single(first.ToolCalls);
        Assert.Equal("get_weather", call.FunctionName);

        messages.Add(new AssistantChatMessage(first));
        messages.Add(new ToolChatMessage(call.Id, "19 degrees and sunny"));
        ChatCompletion second = await chat.CompleteChatAsync(messages, options);
        Assert.Contains("19 degrees", second.Content[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_can_be_left_in_the_middle()
    {
        var seen = 0;
        await foreach (var _ in (await ForNewGuestAsync()).GetChatClient(Model).CompleteChatStreamingAsync("Tell me what you can do"))
        {
            if (++seen == 3)
            {
                break;
            }
        }

        Assert.Equal(3, seen);
    }

    [Fact]
    public async Task Embeddings_have_the_asked_for_length()
    {
        OpenAIEmbedding embedding = await (await ForNewGuestAsync()).GetEmbeddingClient("jan-demo-embed").GenerateEmbeddingAsync("the cat sat", new() { Dimensions = 256 });
        Assert.Equal(256, embedding.ToFloats().Length);
    }

    [Fact]
    public async Task Failures_have_openais_shape_and_status()
    {
        var client = await ForNewGuestAsync();
        var bad = await Assert.ThrowsAsync<ClientResultException>(
            async () => await client.GetChatClient(Model).CompleteChatAsync([new UserChatMessage("hi")], new ChatCompletionOptions { Temperature = 9 }));
        Assert.Equal(400, bad.Status);
        Assert.Contains("temperature", bad.Message, StringComparison.Ordinal);

        var missing = await Assert.ThrowsAsync<ClientResultException>(async () => await client.GetChatClient("no-such-model").CompleteChatAsync("hi"));
        Assert.Equal(404, missing.Status);
        Assert.Contains("model_not_found", missing.Message, StringComparison.Ordinal);

        var stranger = await Assert.ThrowsAsync<ClientResultException>(
            async () => await With("sk_live_" + new string('0', 48)).GetChatClient(Model).CompleteChatAsync("hi"));
        Assert.Equal(401, stranger.Status);
    }

    private async Task<OpenAIClient> ForNewGuestAsync() => With(await system.ApiKeyAsync());

    private OpenAIClient With(string key) => new(
        new ApiKeyCredential(key),
        new OpenAIClientOptions { Endpoint = new(system.Gateway, "/v1"), RetryPolicy = new System.ClientModel.Primitives.ClientRetryPolicy(0) });
}
