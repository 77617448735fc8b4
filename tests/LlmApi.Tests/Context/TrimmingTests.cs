using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using JanServer.LlmApi.Context;
using JanServer.LlmApi.Requests;

namespace JanServer.LlmApi.Tests.Context;

public class TrimmingTests
{
    private static readonly ContextOptions Options = new()
    {
        UserTextTokens = 200,
        TextPartTokens = 150,
        ToolResultTokens = 200,
        ToolArgumentTokens = 100,
        Images = 2,
    };

    [Fact]
    public async Task Whatever_is_trimmed_stays_a_conversation_that_a_model_takes()
    {
        var random = new Random(20261125);
        for (var round = 0; round < 400; round++)
        {
            var messages = RandomMessages(random);
            var (body, prompt, edits) = Read(messages);
            var budget = random.Next(50, prompt.Total + 100);
            var trimming = Trimming.Fit(body, prompt, Options, budget);
            trimming.AddTo(edits);
            var sent = JsonNode.Parse(await ApplyAsync(body, edits))!["messages"]!.AsArray();

            Assert.Equal(messages.Count - trimming.Report.Dropped, sent.Count);
            AssertNoOrphans(sent);
            AssertKept(messages, sent);
            AssertArgumentsAreJson(sent);
            if (prompt.Total <= budget)
            {
                Assert.True(trimming.Report.IsEmpty);
            }

            // What the trimming believes is what counting the result says.
            var (_, again, _) = Read(sent);
            Assert.Equal(trimming.Tokens, again.Total);
            Assert.True(trimming.Tokens <= prompt.Total);
        }
    }

    [Fact]
    public async Task Whole_turns_go_oldest_first_and_no_more_than_must()
    {
        var messages = new JsonArray(Text("system", "rules"));
        for (var i = 0; i < 10; i++)
        {
            messages.Add(Text("user", $"{i}" + new string('q', 399)));
            messages.Add(Text("assistant", $"{i}" + new string('a', 399)));
        }

        messages.Add(Text("user", "last"));
        var (body, prompt, edits) = Read(messages);
        var trimming = Trimming.Fit(body, prompt, new(), prompt.Total - 300);
        trimming.AddTo(edits);
        Assert.Equal(new TrimReport(4, 0, 0), trimming.Report);
        var sent = JsonNode.Parse(await ApplyAsync(body, edits))!["messages"]!.AsArray();
        Assert.Equal("rules", sent[0]!["content"]!.GetValue<string>());
        Assert.StartsWith("2q", sent[1]!["content"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Steps_of_the_turn_that_is_being_answered_go_with_their_results_but_the_latest_stays()
    {
        var messages = new JsonArray(Text("user", "do it"));
        for (var i = 0; i < 5; i++)
        {
            messages.Add(Call(i, "{}"));
            messages.Add(Result(i, new string('r', 400)));
        }

        var (body, prompt, edits) = Read(messages);
        var trimming = Trimming.Fit(body, prompt, new(), 10);
        trimming.AddTo(edits);
        Assert.Equal(8, trimming.Report.Dropped);
        var sent = JsonNode.Parse(await ApplyAsync(body, edits))!["messages"]!.AsArray();
        Assert.Equal(["user", "assistant", "tool"], sent.Select(message => message!["role"]!.GetValue<string>()));
        Assert.Equal("c4", sent[2]!["tool_call_id"]!.GetValue<string>());
    }

    private static void AssertNoOrphans(JsonArray sent)
    {
        var called = new HashSet<string>(StringComparer.Ordinal);
        foreach (var message in sent)
        {
            foreach (var call in message!["tool_calls"]?.AsArray() ?? [])
            {
                called.Add(call!["id"]!.GetValue<string>());
            }

            if (message["tool_call_id"] is { } id)
            {
                Assert.Contains(id.GetValue<string>(), called);
            }
        }

        Assert.Equal(called.Count, sent.Count(message => message!["tool_call_id"] is not null));
    }

    private static void AssertKept(JsonArray before, JsonArray after)
    {
        Assert.Equal(
            before.Where(message => message!["role"]!.GetValue<string>() == "system").Select(message => message!.ToJsonString()),
            after.Where(message => message!["role"]!.GetValue<string>() == "system").Select(message => message!.ToJsonString()));
        Assert.Equal(LastUser(before), LastUser(after));

        static string? LastUser(JsonArray messages) =>
            messages.LastOrDefault(message => message!["role"]!.GetValue<string>() == "user")?.ToJsonString();
    }

    private static void AssertArgumentsAreJson(JsonArray sent) => Assert.All(
        sent.SelectMany(message => message!["tool_calls"]?.AsArray() ?? []),
        call => Assert.NotNull(JsonNode.Parse(call!["function"]!["arguments"]!.GetValue<string>())));

    private static JsonArray RandomMessages(Random random)
    {
        var messages = new JsonArray();
        var calls = 0;
        if (random.Next(2) == 0)
        {
            messages.Add(Text("system", "Be good, {[\"and\"]} careful."));
        }

        for (var turn = random.Next(1, 6); turn > 0; turn--)
        {
            messages.Add(random.Next(3) == 0 ? Parts(random) : Text("user", Words(random, 2000)));
            for (var step = random.Next(3); step > 0; step--)
            {
                messages.Add(Call(calls, $$"""{"q":"{{Words(random, 1500)}}"}"""));
                messages.Add(Result(calls++, random.Next(2) == 0 ? Words(random, 2000) : $$"""{"text":"{{Words(random, 2000)}}","n":[1,2]}"""));
            }

            if (random.Next(10) == 0)
            {
                messages.Add(Text("system", "Interjection."));
            }

            if (random.Next(4) > 0)
            {
                messages.Add(Text("assistant", Words(random, 800)));
            }
        }

        return messages;
    }

    private static string Words(Random random, int most) =>
        string.Concat(Enumerable.Repeat(random.Next(3) == 0 ? "漢字 " : "word é ", random.Next(most / 6)));

    private static JsonObject Text(string role, string text) => new() { ["role"] = role, ["content"] = text };

    private static JsonObject Parts(Random random) => new()
    {
        ["role"] = "user",
        ["content"] = new JsonArray(
            new JsonObject { ["type"] = "text", ["text"] = Words(random, 2000) },
            new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = "data:image/png;base64,AA==" } }),
    };

    private static JsonObject Call(int n, string arguments) => new()
    {
        ["role"] = "assistant",
        ["content"] = null,
        ["tool_calls"] = new JsonArray(new JsonObject
        {
            ["id"] = Id(n),
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = "find", ["arguments"] = arguments },
        }),
    };

    private static JsonObject Result(int n, string text) => new() { ["role"] = "tool", ["tool_call_id"] = Id(n), ["content"] = text };

    private static string Id(int n) => string.Create(CultureInfo.InvariantCulture, $"c{n}");

    private static (byte[] Body, CountedPrompt Prompt, EditList Edits) Read(JsonArray messages)
    {
        var body = Encoding.UTF8.GetBytes(new JsonObject { ["model"] = "m", ["messages"] = messages.DeepClone() }.ToJsonString());
        var request = RequestScan.Read(Operation.Chat, body, out var error);
        Assert.Null(error?.Message);
        return (body, CountedPrompt.Count(body, request!.Messages(body)), new(request.Edits));
    }

    private static async Task<string> ApplyAsync(byte[] body, EditList edits)
    {
        using var outgoing = new OutgoingBody(body, edits.Build(), "\"m\""u8.ToArray());
        return await outgoing.ReadAsStringAsync();
    }
}
