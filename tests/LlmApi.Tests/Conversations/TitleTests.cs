using System.Text;
using System.Text.Json;
using JanServer.LlmApi.Conversations.Titles;

namespace JanServer.LlmApi.Tests.Conversations;

public class TitleTests
{
    [Theory]
    [InlineData("What is the capital of France?", "What is the capital of France")]
    [InlineData("  two\n\nlines\tof  text. ", "two lines of text")]
    [InlineData("see [the docs](https://x.test/a?b=c) at https://y.test/z now", "see the docs at now")]
    [InlineData("mail me@example.test or www.example.test please", "mail or please")]
    [InlineData("C++ & SQL: <b>notes</b> \U0001F600!", "C SQL b notes b")]
    [InlineData("Grüße, 東京! नमस्ते don't - stop", "Grüße, 東京! नमस्ते don't - stop")]
    [InlineData("New conversation", null)]
    [InlineData(" \U0001F600 ?!", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_title_is_derived_from_what_is_said(string? text, string? title) => Assert.Equal(title, TitleText.Derive(text));

    [Theory]
    [InlineData(" C++ & SQL:  \U0001F600\n", "C++ & SQL: \U0001F600")]
    [InlineData("NEW conversation ", null)]
    [InlineData(" \t", null)]
    public void A_title_that_the_user_chose_keeps_its_characters(string text, string? title) => Assert.Equal(title, TitleText.Chosen(text));

    [Fact]
    public void A_long_title_ends_at_a_word_and_never_within_a_character()
    {
        var words = TitleText.Derive(string.Join(' ', Enumerable.Repeat("word", 100)))!;
        Assert.EndsWith("word...", words, StringComparison.Ordinal);
        Assert.InRange(words.EnumerateRunes().Count(), 200, TitleText.MaxLength);

        // Letters outside the basic plane, without a space to end at.
        var runes = TitleText.Derive(string.Concat(Enumerable.Repeat("\U00020000", 5000)))!;
        Assert.Equal(TitleText.MaxLength, runes.EnumerateRunes().Count());
        Assert.DoesNotContain(Rune.ReplacementChar, runes.EnumerateRunes());
        Assert.Equal(TitleText.MaxLength, TitleText.Chosen(new string('x', 300))!.Length);
        Assert.Equal(new string('x', 256), TitleText.Chosen(new string('x', 256)));
    }

    [Theory]
    [InlineData(false, 1, true)]
    [InlineData(false, 3, true)]
    [InlineData(true, 1, true)]
    [InlineData(true, 2, false)]
    [InlineData(true, 5, true)]
    [InlineData(true, 10, true)]
    [InlineData(true, 0, false)]
    [InlineData(false, 0, false)]
    public void A_title_is_due_with_the_first_word_of_the_user_and_every_fifth(bool hasTitle, int userMessages, bool due) =>
        Assert.Equal(due, TitleRules.IsDue(hasTitle, userMessages));

    [Theory]
    [InlineData(null, false, false, 3, true)]
    [InlineData("Ours", false, true, 5, true)]
    [InlineData("Theirs", false, false, 5, false)]
    [InlineData("Theirs", true, false, 1, false)]
    [InlineData("hello wide world of tit...", false, false, 1, true)]
    [InlineData("Hello wide world of titles!", false, false, 1, true)]
    [InlineData("hello", false, false, 1, false)]
    [InlineData("hello wide world of titles", true, false, 1, false)]
    [InlineData("hello wide world of titles", false, false, 5, false)]
    public void What_the_user_chose_stays(string? title, bool locked, bool generated, int userMessages, bool may) =>
        Assert.Equal(may, TitleRules.MaySet(new(title, locked, generated), userMessages, "hello wide world of titles"));

    [Theory]
    [InlineData("""[{"role":"system","content":"s"},{"role":"user","content":"a"},{"role":"assistant","content":"x"},{"role":"user","content":"b"}]""", "a", "b", 2)]
    [InlineData("""[{"role":"user","content":[{"type":"image_url","image_url":{"url":"u"}},{"type":"text","text":"what is this"}]}]""", "what is this", "what is this", 1)]
    [InlineData("""[{"role":"user","content":"  "},{"role":"user","content":"b"}]""", "b", "b", 2)]
    [InlineData("""[{"role":"tool","content":"x"}]""", null, null, 0)]
    [InlineData("""[{"role":"user","content":"\ud800"},{"role":7},7,{"role":"user","content":null}]""", null, null, 2)]
    [InlineData("""{}""", null, null, 0)]
    public void The_users_texts_are_found_in_any_form(string messages, string? first, string? last, int count)
    {
        using var document = JsonDocument.Parse(messages);
        Assert.Equal(new UserTexts(first, last, count), UserTexts.Of(document.RootElement));
    }

    [Theory]
    [InlineData("""{"choices":[{"message":{"content":"<think>hm\nhm</think>\n\n\"A Trip to Rome.\"\nMore"}}]}""", "A Trip to Rome")]
    [InlineData("""{"choices":[{"message":{"content":"<think>never ends"}}]}""", null)]
    [InlineData("""{"choices":[{"message":{"content":null}}]}""", null)]
    [InlineData("""{"choices":[]}""", null)]
    [InlineData("""{"choices":{}}""", null)]
    [InlineData("""[]""", null)]
    [InlineData("""x""", null)]
    public void A_title_is_read_from_a_models_answer(string answer, string? title) =>
        Assert.Equal(title, TitleModel.TitleIn(Encoding.UTF8.GetBytes(answer)));
}
