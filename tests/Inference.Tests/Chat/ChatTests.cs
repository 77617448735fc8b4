using System.Globalization;
using System.Net;
using System.Text.Json;

namespace JanServer.Inference.Tests.Chat;

public sealed class ChatTests(EngineHost engine) : IClassFixture<EngineHost>
{
    [Theory]
    [InlineData("hello", "jan-demo")]
    [InlineData("Who are you?", "rule-based demonstration")]
    [InlineData("What is JanServer?", "self-hosted AI server")]
    [InlineData("repeat after me: pelican", "pelican")]
    [InlineData("What is 2 plus 2 times 3?", "8")]
    [InlineData("what is 15% of 80?", "12")]
    [InlineData("How many words are in: the quick brown fox", "4 words")]
    [InlineData("How many r's in strawberry?", "3 times")]
    [InlineData("uppercase: quiet", "QUIET")]
    [InlineData("what is 1/0", "no finite result")]
    public async Task It_answers_what_its_rules_cover(string question, string expected) =>
        Assert.Contains(expected, await engine.AskAsync(question), StringComparison.Ordinal);

    [Fact]
    public async Task It_says_that_it_is_a_demo_and_how_to_connect_a_model_when_no_rule_fits()
    {
        var answer = await engine.AskAsync("What is the capital of France?");

        Assert.Contains("demo model", answer, StringComparison.Ordinal);
        Assert.Contains("What is the capital of France?", answer, StringComparison.Ordinal);
        Assert.Contains("Ollama", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Paris", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_remembers_what_the_user_said_earlier_in_the_conversation()
    {
        const string said = "My name is Ann and I live in Oslo. My favourite colour is teal.";

        Assert.Contains("Ann", await engine.AskAsync(said, "Hello!", "What is my name?"), StringComparison.Ordinal);
        Assert.Contains("Oslo", await engine.AskAsync(said, "Hello!", "Where do I live?"), StringComparison.Ordinal);
        Assert.Contains("teal", await engine.AskAsync(said, "Hello!", "What is my favourite colour?"), StringComparison.Ordinal);
        Assert.Contains("teal", await engine.AskAsync(said, "Hello!", "What do you know about me?"), StringComparison.Ordinal);
        Assert.Contains("not told me", await engine.AskAsync("What is my name?"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_tells_the_date_in_utc() =>
        Assert.Contains(
            TimeProvider.System.GetUtcNow().Year.ToString(CultureInfo.InvariantCulture),
            await engine.AskAsync("What day is it today?"),
            StringComparison.Ordinal);

    [Fact]
    public async Task A_summary_is_made_of_sentences_of_the_text()
    {
        const string text = "Rivers carry water to the sea. Rivers shape valleys with their water. My cousin likes cheese. "
            + "Water in rivers also moves stones and sand. A lamp stood there.";

        var answer = await engine.AskAsync($"Summarise in one sentence: {text}");

        Assert.Contains(text.Split(". ").Select(s => s.TrimEnd('.')), sentence => answer.Contains(sentence, StringComparison.Ordinal));
        Assert.DoesNotContain("cheese", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_system_prompt_can_limit_the_answer_to_one_sentence()
    {
        var answer = await engine.PostAsync("/v1/chat/completions", """
            {"model":"jan-demo","messages":[{"role":"system","content":"Answer in one sentence."},{"role":"user","content":"Who are you?"}]}
            """);

        var text = answer.Json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
        Assert.Equal(1, text.Count(c => c == '.'));
    }

    [Fact]
    public async Task The_answer_has_the_shape_of_a_chat_completion()
    {
        var answer = await engine.PostAsync(
            "/v1/chat/completions",
            """{"model":"jan-demo","messages":[{"role":"user","content":"say yes"}]}""");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("chat.completion", answer.Json.GetProperty("object").GetString());
        Assert.Equal("jan-demo", answer.Json.GetProperty("model").GetString());
        Assert.StartsWith("chatcmpl", answer.Json.GetProperty("id").GetString(), StringComparison.Ordinal);
        var choice = answer.Json.GetProperty("choices")[0];
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(JsonValueKind.Null, choice.GetProperty("logprobs").ValueKind);
        Assert.Equal("assistant", choice.GetProperty("message").GetProperty("role").GetString());
        var usage = answer.Json.GetProperty("usage");
        Assert.Equal(1, usage.GetProperty("completion_tokens").GetInt32());
        Assert.Equal(usage.GetProperty("prompt_tokens").GetInt32() + 1, usage.GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task Equal_seeds_answer_equally_and_some_other_seed_differently()
    {
        var answers = new Dictionary<int, string>();
        for (var seed = 0; seed < 12; seed++)
        {
            answers[seed] = await SeededAsync($"\"seed\":{seed}");
        }

        Assert.Equal(answers[7], await SeededAsync("\"seed\":7"));
        Assert.Equal(answers[0], await SeededAsync("\"seed\":7,\"temperature\":0"));
        Assert.True(answers.Values.Distinct().Count() > 1);
    }

    private async Task<string> SeededAsync(string fields)
    {
        var answer = await engine.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"jan-demo","messages":[{"role":"user","content":"hello"}],{{fields}}}""");
        return answer.Json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
    }

    [Fact]
    public async Task Several_choices_are_numbered()
    {
        var answer = await engine.PostAsync(
            "/v1/chat/completions",
            """{"model":"jan-demo","n":3,"messages":[{"role":"user","content":"hello"}]}""");

        Assert.Equal([0, 1, 2], answer.Json.GetProperty("choices").EnumerateArray().Select(c => c.GetProperty("index").GetInt32()));
    }

    [Theory]
    [InlineData("max_tokens")]
    [InlineData("max_completion_tokens")]
    public async Task A_token_limit_ends_the_answer_with_length(string field)
    {
        var answer = await engine.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"jan-demo","{{field}}":2,"messages":[{"role":"user","content":"say one two three"}]}""");

        var choice = answer.Json.GetProperty("choices")[0];
        Assert.Equal("one two", choice.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("length", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(2, answer.Json.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Theory]
    [InlineData("\"three\"", "one two ")]
    [InlineData("""["zebra", " thr"]""", "one two")]
    [InlineData("\"two three\"", "one ")]
    public async Task A_stop_sequence_ends_the_answer_and_is_not_part_of_it(string stop, string expected)
    {
        var answer = await engine.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"jan-demo","stop":{{stop}},"messages":[{"role":"user","content":"say one two three four"}]}""");

        var choice = answer.Json.GetProperty("choices")[0];
        Assert.Equal(
            expected,
            choice.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Images_are_acknowledged_as_unseen()
    {
        var answer = await engine.PostAsync("/v1/chat/completions", """
            {"model":"jan-demo","messages":[{"role":"user","content":[
              {"type":"text","text":"say cheese"},
              {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]}
            """);

        var text = answer.Json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
        Assert.Contains("cannot see images", text, StringComparison.Ordinal);
        Assert.Contains("cheese", text, StringComparison.Ordinal);
    }
}
