using System.ClientModel;
using System.ClientModel.Primitives;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;
using OpenAI;
using OpenAI.Chat;

namespace JanServer.LlmApi.Tests.Clients;

/// <summary>OpenAI's own client for C#, against the service as the gateway calls it.</summary>
public class OpenAIClientTests(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    [Fact]
    public async Task It_chats()
    {
        api.Upstream.NextChat(x => x.JsonAsync(OpenAIShapes.Completion("hello")));
        ChatCompletion answer = await Chat().CompleteChatAsync([new UserChatMessage("hi")]);
        Assert.Equal("hello", answer.Content[0].Text);
        Assert.Equal("vendor/model", answer.Model);
        Assert.Equal(8, answer.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task It_streams_with_usage()
    {
        api.Upstream.NextChat(x => OpenAIShapes.StreamAsync(x, "a", "b", "c"));
        var text = "";
        ChatTokenUsage? usage = null;
        await foreach (var update in Chat().CompleteChatStreamingAsync([new UserChatMessage("hi")]))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            usage ??= update.Usage;
        }

        Assert.Equal("abc", text);
        Assert.Equal(3, usage!.OutputTokenCount);
    }

    [Fact]
    public async Task It_goes_through_a_tool_call()
    {
        api.Upstream.NextChat(x => x.JsonAsync(
            """{"id":"c","object":"chat.completion","created":1,"model":"fake-model","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"add","arguments":"{\"a\":1}"}}]},"finish_reason":"tool_calls"}]}"""));
        api.Upstream.NextChat(x => x.JsonAsync(OpenAIShapes.Completion("3")));
        var chat = Chat();
        var options = new ChatCompletionOptions
        {
            Tools = { ChatTool.CreateFunctionTool("add", "Adds.", BinaryData.FromString("""{"type":"object"}""")) },
            ToolChoice = ChatToolChoice.CreateFunctionChoice("add"),
        };
        List<ChatMessage> messages = [new UserChatMessage("1 + 2?")];
        ChatCompletion first = await chat.CompleteChatAsync(messages, options);
        Assert.Equal("add", first.ToolCalls[0].FunctionName);
        messages.Add(new AssistantChatMessage(first));
        messages.Add(new ToolChatMessage(first.ToolCalls[0].Id, "3"));
        ChatCompletion second = await chat.CompleteChatAsync(messages, options);
        Assert.Equal("3", second.Content[0].Text);
    }

    [Fact]
    public async Task It_embeds_and_lists_models()
    {
        api.Upstream.Next("/v1/embeddings", x => x.JsonAsync(
            """{"object":"list","model":"fake-model","data":[{"object":"embedding","index":0,"embedding":"AAAAPwAAgD8="}],"usage":{"prompt_tokens":1,"total_tokens":1}}"""));
        var embedding = await Client().GetEmbeddingClient("vendor/model").GenerateEmbeddingAsync("hi");
        Assert.Equal([0.5f, 1f], embedding.Value.ToFloats().ToArray());

        var models = await Client().GetOpenAIModelClient().GetModelsAsync();
        Assert.Equal("vendor/model", Assert.Single(models.Value).Id);
        Assert.Equal("vendor/model", (await Client().GetOpenAIModelClient().GetModelAsync("vendor/model")).Value.Id);
    }

    [Fact]
    public async Task It_reports_our_errors()
    {
        var bad = await Assert.ThrowsAsync<ClientResultException>(
            () => Chat().CompleteChatAsync([new UserChatMessage("hi")], new ChatCompletionOptions { Temperature = 5 }));
        Assert.Equal(400, bad.Status);
        Assert.Contains("temperature", bad.Message, StringComparison.Ordinal);
        var missing = await Assert.ThrowsAsync<ClientResultException>(
            () => Client().GetChatClient("no/model").CompleteChatAsync([new UserChatMessage("hi")]));
        Assert.Equal(404, missing.Status);
    }

    private ChatClient Chat() => Client().GetChatClient("vendor/model");

    private OpenAIClient Client()
    {
        var http = api.ClientFor(TestCallers.User());
        var options = new OpenAIClientOptions
        {
            Endpoint = new Uri(http.BaseAddress!, "v1"),
            Transport = new HttpClientPipelineTransport(http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        };

        // The service looks at the caller token first, so any key will do.
        Assert.NotNull(http.DefaultRequestHeaders.GetValues(CallerTokens.HeaderName));
        return new(new ApiKeyCredential("unused"), options);
    }
}
