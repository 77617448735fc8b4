using JanServer.Inference.Tokens;

namespace JanServer.Inference.Tests.Tokens;

public sealed class TokenizerTests(EngineHost engine) : IClassFixture<EngineHost>
{
    [Theory]
    [InlineData("Hello, world!", "Hello|,| world|!")]
    [InlineData("internationalisation", "internat|ionalisa|tion")]
    [InlineData("year 20261121", "year| 202|611|21")]
    [InlineData("a\n\n  b", "a|\n\n | b")]
    [InlineData("日本語", "日|本|語")]
    [InlineData("hi 👋🏽", "hi| 👋|🏽")]
    [InlineData("", "")]
    public void Text_is_cut_into_words_digits_symbols_and_space(string text, string tokens) =>
        Assert.Equal(tokens, string.Join('|', Tokenizer.Split(text)));

    [Theory]
    [InlineData("Any text, however  odd:\t\u00e9\u0301 — 12.5% \ud83d\ude00 \ud800 end ")]
    [InlineData("   ")]
    [InlineData("\r\n x\r\n")]
    public void The_tokens_joined_are_the_text(string text)
    {
        Assert.Equal(text, string.Concat(Tokenizer.Split(text)));
        Assert.Equal(Tokenizer.Split(text).Count, Tokenizer.Count(text));
    }

    [Fact]
    public async Task Tokenize_counts_a_prompt_as_completions_do()
    {
        var counted = await engine.PostAsync("/tokenize", """{"model":"jan-demo","prompt":"say one two","return_token_strs":true}""");
        var used = await engine.PostAsync("/v1/completions", """{"model":"jan-demo","prompt":"say one two"}""");

        Assert.Equal(3, counted.Json.GetProperty("count").GetInt32());
        Assert.Equal(3, counted.Json.GetProperty("tokens").GetArrayLength());
        Assert.Equal(" one", counted.Json.GetProperty("token_strs")[1].GetString());
        Assert.Equal(3, used.Json.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
    }

    [Fact]
    public async Task Tokenize_counts_messages_as_chat_does()
    {
        const string body = """{"model":"jan-demo","messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"say hi"}]}""";
        var counted = await engine.PostAsync("/tokenize", body);
        var used = await engine.PostAsync("/v1/chat/completions", body);

        Assert.Equal(
            used.Json.GetProperty("usage").GetProperty("prompt_tokens").GetInt32(),
            counted.Json.GetProperty("count").GetInt32());
    }
}
