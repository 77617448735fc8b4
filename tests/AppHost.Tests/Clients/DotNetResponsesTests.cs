using System.ClientModel;
using System.Text.Json;
using JanServer.AppHost.Tests.WholeSystem;
using JanServer.Testing;
using OpenAI.Responses;

namespace JanServer.AppHost.Tests.Clients;

#pragma warning disable OPENAI001 // The SDK calls its client for responses experimental.

/// <summary>The Responses API with the official OpenAI SDK for C#, unchanged, against the gateway.</summary>
[Collection(SharedSystem.Name)]
public sealed class DotNetResponsesTests(JanServerSystem system)
{
    private const string Model = "jan-demo";

    private static readonly ResponseTool Weather = ResponseTool.CreateFunctionTool(
        "get_weather",
        BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}"""),
        strictModeEnabled: true,
        "Tells the weather in a city");

    [Fact]
    public async Task A_response_is_made_read_listed_and_deleted()
    {
        var client = await ClientAsync();
        ResponseResult made = await client.CreateResponseAsync(Model, "What is 12 * 34?");
        Assert.Equal(ResponseStatus.Completed, made.Status);
        Assert.Contains("408", made.GetOutputText(), StringComparison.Ordinal);
        Assert.True(made.Usage.TotalTokenCount > 0);

        ResponseResult read = await client.GetResponseAsync(made.Id);
        Assert.Equal(made.GetOutputText(), read.GetOutputText());
        var input = new List<ResponseItem>();
        await foreach (var item in client.GetResponseInputItemsAsync(made.Id))
        {
            input.Add(item);
        }

        Assert.IsAssignableFrom<MessageResponseItem>(Assert.Single(input));
        Assert.True((await client.DeleteResponseAsync(made.Id)).Value.Deleted);
        var gone = await Assert.ThrowsAsync<ClientResultException>(async () => await client.GetResponseAsync(made.Id));
        Assert.Equal(404, gone.Status);
    }

    [Fact]
    public async Task A_function_call_makes_a_round_trip()
    {
        var client = await ClientAsync();
        ResponseResult first = await client.CreateResponseAsync(new CreateResponseOptions(Model, [ResponseItem.CreateUserMessageItem("What is the weather in Paris?")]) { Tools = { Weather } });
        var call = Assert.IsType<FunctionCallResponseItem>(Assert.Single(first.OutputItems));
        Assert.Equal("get_weather", call.FunctionName);
        ResponseResult second = await client.CreateResponseAsync(
            new CreateResponseOptions(Model, [ResponseItem.CreateFunctionCallOutputItem(call.CallId, "19 degrees and sunny")])
            {
                Tools = { Weather },
                PreviousResponseId = first.Id,
            });
        Assert.Contains("19 degrees", second.GetOutputText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_has_the_form_of_a_schema()
    {
        var client = await ClientAsync();
        ResponseResult made = await client.CreateResponseAsync(new CreateResponseOptions(Model, [ResponseItem.CreateUserMessageItem("It is 19 degrees in Paris")])
        {
            TextOptions = new()
            {
                TextFormat = ResponseTextFormat.CreateJsonSchemaFormat(
                    "weather",
                    BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"},"degrees":{"type":"integer"}},"required":["city","degrees"],"additionalProperties":false}"""),
                    jsonSchemaIsStrict: true),
            },
        });
        using var value = JsonDocument.Parse(made.GetOutputText());
        Assert.Equal(JsonValueKind.Number, value.RootElement.GetProperty("degrees").ValueKind);
    }

    [Fact]
    public async Task A_stream_is_numbered_and_ends_with_the_response()
    {
        var client = await ClientAsync();
        var text = "";
        var next = 0;
        StreamingResponseUpdate? last = null;
        await foreach (var update in await client.CreateResponseStreamingAsync(Model, "What is 12 * 34?"))
        {
            Assert.Equal(next++, update.SequenceNumber);
            text += (update as StreamingResponseOutputTextDeltaUpdate)?.Delta;
            last = update;
        }

        Assert.Contains("408", text, StringComparison.Ordinal);
        Assert.Equal(text, Assert.IsType<StreamingResponseCompletedUpdate>(last).Response.GetOutputText());
    }

    [Fact]
    public async Task A_response_in_the_background_can_be_waited_for_and_its_stream_read_later()
    {
        var client = await ClientAsync();
        ResponseResult queued = await client.CreateResponseAsync(
            new CreateResponseOptions(Model, [ResponseItem.CreateUserMessageItem("What is 12 * 34?")]) { BackgroundModeEnabled = true });
        ResponseResult? ended = null;
        await Eventually.True(async () => (ended = await client.GetResponseAsync(queued.Id)).Status == ResponseStatus.Completed);
        Assert.Contains("408", ended!.GetOutputText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_in_the_background_can_be_cancelled()
    {
        var client = await ClientAsync();
        ResponseResult queued = await client.CreateResponseAsync(
            new CreateResponseOptions(Model, [ResponseItem.CreateUserMessageItem("Tell me what you can do")]) { BackgroundModeEnabled = true });
        ResponseResult cancelled = await client.CancelResponseAsync(queued.Id);

        // Whoever is quick may have finished it before.
        Assert.True(cancelled.Status == ResponseStatus.Cancelled || cancelled.Status == ResponseStatus.Completed, $"{cancelled.Status}");
        Assert.Equal(cancelled.Status, (await client.GetResponseAsync(queued.Id)).Value.Status);
    }

    [Fact]
    public async Task Hosted_tools_are_items_that_the_client_knows()
    {
        var client = await ClientAsync();
        ResponseResult made = await client.CreateResponseAsync(
            new CreateResponseOptions(Model, [ResponseItem.CreateUserMessageItem("Search the web for otters, then run python: ```print(6 * 7)```")])
            {
                Tools =
                {
                    ResponseTool.CreateWebSearchTool(),
                    ResponseTool.CreateCodeInterpreterTool(new CodeInterpreterToolContainer(CodeInterpreterToolContainerConfiguration.CreateAutomaticContainerConfiguration())),
                },
            });
        Assert.Single(made.OutputItems.OfType<WebSearchCallResponseItem>());
        Assert.Single(made.OutputItems.OfType<CodeInterpreterCallResponseItem>());
        Assert.NotEmpty(made.GetOutputText());
    }

    [Fact]
    public async Task Failures_have_openais_shape_and_status()
    {
        var client = await ClientAsync();
        var bad = await Assert.ThrowsAsync<ClientResultException>(async () => await client.CreateResponseAsync(
            new CreateResponseOptions(Model, [ResponseItem.CreateUserMessageItem("hi")]) { Temperature = 9 }));
        Assert.Equal(400, bad.Status);
        Assert.Contains("temperature", bad.Message, StringComparison.Ordinal);
        var missing = await Assert.ThrowsAsync<ClientResultException>(async () => await client.CreateResponseAsync("no-such-model", "hi"));
        Assert.Equal(404, missing.Status);
    }

    private async Task<ResponsesClient> ClientAsync() => new(
        new ApiKeyCredential(await system.ApiKeyAsync()),
        new ResponsesClientOptions { Endpoint = new(system.Gateway, "/v1"), RetryPolicy = new System.ClientModel.Primitives.ClientRetryPolicy(0) });
}
