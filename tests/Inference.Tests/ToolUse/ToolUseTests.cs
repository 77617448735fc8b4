using System.Text.Json;

namespace JanServer.Inference.Tests.ToolUse;

public sealed class ToolUseTests(EngineHost engine) : IClassFixture<EngineHost>
{
    private const string Tools = """
        [{"type":"function","function":{"name":"google_search","description":"Search the web","parameters":{"type":"object",
           "properties":{"q":{"type":"string"},"num":{"type":"integer","default":10}},"required":["q"]}}},
         {"type":"function","function":{"name":"scrape","description":"Scrape a web page","parameters":{"type":"object",
           "properties":{"url":{"type":"string"}},"required":["url"]}}},
         {"type":"function","function":{"name":"python_exec","description":"Run Python code","parameters":{"type":"object",
           "properties":{"code":{"type":"string"}},"required":["code"]}}},
         {"type":"function","function":{"name":"memory_save","description":"Save a fact","parameters":{"type":"object",
           "properties":{"content":{"type":"string"}},"required":["content"]}}},
         {"type":"function","function":{"name":"memory_search","description":"Search the memory","parameters":{"type":"object",
           "properties":{"query":{"type":"string"}},"required":["query"]}}},
         {"type":"function","function":{"name":"get_weather","description":"Get the current weather for a city","parameters":{"type":"object",
           "properties":{"location":{"type":"string"},"unit":{"type":"string","enum":["celsius","fahrenheit"]}},"required":["location"]}}}]
        """;

    [Theory]
    [InlineData("Search the web for the history of otters", "google_search", """{"q":"the history of otters"}""")]
    [InlineData("search for cats and dogs", "google_search", """{"q":"cats and dogs"}""")]
    [InlineData("google \"best pizza in Rome\" please", "google_search", """{"q":"best pizza in Rome"}""")]
    [InlineData("Please read the page https://example.com/a and tell me about it", "scrape", """{"url":"https://example.com/a"}""")]
    [InlineData("run this code: ```python\nprint(1)\n```", "python_exec", """{"code":"print(1)"}""")]
    [InlineData("run python ```print(6 * 7)```", "python_exec", """{"code":"print(6 * 7)"}""")]
    [InlineData("calculate 2^10 + 3", "python_exec", """{"code":"print(2**10 + 3)"}""")]
    [InlineData("Remember that I like green tea", "memory_save", """{"content":"I like green tea"}""")]
    [InlineData("What is the weather in Paris in fahrenheit?", "get_weather", """{"location":"Paris","unit":"fahrenheit"}""")]
    [InlineData("Is there bad weather in Oslo today?", "get_weather", """{"location":"Oslo"}""")]
    public async Task A_request_that_a_tool_fits_calls_it_with_arguments_from_the_request(string request, string tool, string arguments)
    {
        var choice = await ChooseAsync(request);

        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
        var call = Assert.Single(Calls(choice));
        Assert.Equal(tool, call.Name);
        Assert.Equal(arguments, call.Arguments);
        Assert.Equal(JsonValueKind.Null, choice.GetProperty("message").GetProperty("content").ValueKind);
    }

    [Fact]
    public async Task A_question_about_the_past_searches_the_memory() =>
        Assert.Equal("memory_search", Assert.Single(Calls(await ChooseAsync("What do you remember about my tea preference?"))).Name);

    [Theory]
    [InlineData("hello")]
    [InlineData("Who are you?")]
    [InlineData("tell me a joke")]
    public async Task A_request_that_no_tool_fits_is_answered_in_text(string request)
    {
        var choice = await ChooseAsync(request);

        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.Empty(Calls(choice));
    }

    [Fact]
    public async Task Several_things_asked_at_once_are_called_in_parallel()
    {
        var calls = Calls(await ChooseAsync("What's the weather like in San Francisco, Tokyo, and Paris?"));

        Assert.All(calls, call => Assert.Equal("get_weather", call.Name));
        Assert.Equal(["San Francisco", "Tokyo", "Paris"], calls.Select(c => JsonElement.Parse(c.Arguments).GetProperty("location").GetString()!));
        Assert.Equal(3, calls.Select(call => call.Id).Distinct().Count());
        Assert.Equal(
            ["google_search", "get_weather"],
            Calls(await ChooseAsync("Search for otters and get the weather in Oslo")).Select(call => call.Name));
    }

    [Fact]
    public async Task Without_parallel_calls_one_is_made_at_a_time() =>
        Assert.Equal(
            "google_search",
            Assert.Single(Calls(await ChooseAsync("Search for otters and get the weather in Oslo", "\"parallel_tool_calls\":false"))).Name);

    [Fact]
    public async Task Tool_choice_is_respected()
    {
        Assert.Empty(Calls(await ChooseAsync("search cats", "\"tool_choice\":\"none\"")));
        Assert.NotEmpty(Calls(await ChooseAsync("hello", "\"tool_choice\":\"required\"")));
        Assert.Equal(
            "get_weather",
            Assert.Single(Calls(await ChooseAsync("search cats", "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"get_weather\"}}"))).Name);
        Assert.Empty(Calls(await ChooseAsync("search cats", Allowed("auto", "scrape"))));
        Assert.Equal("scrape", Assert.Single(Calls(await ChooseAsync("search cats", Allowed("required", "scrape")))).Name);
    }

    [Fact]
    public async Task Steps_that_follow_each_other_are_called_one_after_the_other_and_then_told()
    {
        var messages = new List<string> { """{"role":"user","content":"search otters, then scrape the first result, then run python print(1+1)"}""" };
        string[] results =
        [
            """{"results":[{"title":"Otters","url":"https://otters.example/x"},{"title":"Rivers","url":"https://rivers.example"}]}""",
            "Otters are mammals. They swim well.",
            "Traceback (most recent call last):\n  File x\nValueError: bad value",
        ];
        var made = new List<ToolCallSeen>();
        foreach (var result in results)
        {
            var choice = await ChooseAsync(messages);
            var call = Assert.Single(Calls(choice));
            made.Add(call);
            messages.Add(choice.GetProperty("message").GetRawText());
            messages.Add($$"""{"role":"tool","tool_call_id":"{{call.Id}}","content":{{JsonSerializer.Serialize(result)}}}""");
        }

        Assert.Equal(["google_search", "scrape", "python_exec"], made.Select(call => call.Name));
        Assert.Contains("https://otters.example/x", made[1].Arguments, StringComparison.Ordinal);
        var end = await ChooseAsync(messages);
        Assert.Equal("stop", end.GetProperty("finish_reason").GetString());
        var told = end.GetProperty("message").GetProperty("content").GetString()!;
        Assert.Contains("google_search: \"Otters (https://otters.example/x)", told, StringComparison.Ordinal);
        Assert.Contains("scrape: \"Otters are mammals.", told, StringComparison.Ordinal);
        Assert.Contains("python_exec failed: \"ValueError: bad value\"", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"error":"quota exceeded"}""")]
    [InlineData("Error: quota exceeded")]
    public async Task A_tool_that_failed_is_told_as_failed(string result)
    {
        var choice = await ChooseAsync(
        [
            """{"role":"user","content":"search otters"}""",
            """{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"google_search","arguments":"{}"}}]}""",
            $$"""{"role":"tool","tool_call_id":"c1","content":{{JsonSerializer.Serialize(result)}}}""",
        ]);

        var told = choice.GetProperty("message").GetProperty("content").GetString()!;
        Assert.Contains("google_search failed", told, StringComparison.Ordinal);
        Assert.Contains("quota exceeded", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_streamed_call_sends_its_name_first_and_its_arguments_in_fragments()
    {
        var events = await engine.StreamAsync("/v1/chat/completions", Body(
            ["""{"role":"user","content":"Search for otters and get the weather in Oslo"}"""],
            "\"stream\":true"));

        var chunks = events.SkipLast(1).Select(e => JsonElement.Parse(e).GetProperty("choices")[0]).ToArray();
        var deltas = chunks
            .Where(choice => choice.GetProperty("delta").TryGetProperty("tool_calls", out _))
            .Select(choice => choice.GetProperty("delta").GetProperty("tool_calls")[0])
            .GroupBy(delta => delta.GetProperty("index").GetInt32())
            .ToArray();
        Assert.Equal([0, 1], deltas.Select(group => group.Key));
        Assert.All(deltas, group =>
        {
            Assert.NotEmpty(group.First().GetProperty("id").GetString()!);
            Assert.NotEmpty(group.First().GetProperty("function").GetProperty("name").GetString()!);
            Assert.All(group.Skip(1), delta => Assert.False(delta.TryGetProperty("id", out _)));
            Assert.True(group.Count() > 2);
        });
        Assert.Equal(
            """{"location":"Oslo"}""",
            string.Concat(deltas[1].Select(delta => delta.GetProperty("function").GetProperty("arguments").GetString())));
        Assert.Equal("tool_calls", chunks[^1].GetProperty("finish_reason").GetString());
    }

    private static string Allowed(string mode, string name) =>
        "\"tool_choice\":" + $$$"""{"type":"allowed_tools","allowed_tools":{"mode":"{{{mode}}}","tools":[{"type":"function","function":{"name":"{{{name}}}"}}]}}""";

    private Task<JsonElement> ChooseAsync(string request, string? fields = null) =>
        ChooseAsync([$$"""{"role":"user","content":{{JsonSerializer.Serialize(request)}}}"""], fields);

    private async Task<JsonElement> ChooseAsync(IReadOnlyList<string> messages, string? fields = null) =>
        (await engine.PostAsync("/v1/chat/completions", Body(messages, fields))).Json.GetProperty("choices")[0];

    private static string Body(IReadOnlyList<string> messages, string? fields) =>
        $$"""{"model":"jan-demo","tools":{{Tools}},"messages":[{{string.Join(',', messages)}}]{{(fields is null ? "" : "," + fields)}}}""";

    private static ToolCallSeen[] Calls(JsonElement choice) =>
        choice.GetProperty("message").TryGetProperty("tool_calls", out var calls)
            ? [.. calls.EnumerateArray().Select(call => new ToolCallSeen(
                call.GetProperty("id").GetString()!,
                call.GetProperty("function").GetProperty("name").GetString()!,
                call.GetProperty("function").GetProperty("arguments").GetString()!))]
            : [];

    private sealed record ToolCallSeen(string Id, string Name, string Arguments);
}
