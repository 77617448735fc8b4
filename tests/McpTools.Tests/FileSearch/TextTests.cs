using JanServer.McpTools.FileSearch;

namespace JanServer.McpTools.Tests.FileSearch;

public sealed class TextTests
{
    [Fact]
    public void A_short_text_is_one_passage() => Assert.Equal(["One. Two.\n\nThree."], TextChunks.Cut(" One. Two.\n\nThree. ", 100, 10));

    [Fact]
    public void Passages_end_with_paragraphs_where_they_can()
    {
        var first = string.Join(' ', Enumerable.Repeat("First.", 10));
        var second = string.Join(' ', Enumerable.Repeat("Second.", 10));

        Assert.Equal([first, second], TextChunks.Cut($"{first}\n\n{second}", 100, 20));
    }

    [Fact]
    public void Passages_of_one_paragraph_end_with_sentences_and_overlap_by_some()
    {
        var sentences = Enumerable.Range(0, 30).Select(i => $"Sentence number {i:00}.").ToList();

        var chunks = TextChunks.Cut(string.Join(' ', sentences), 100, 25);

        Assert.All(chunks, chunk => Assert.InRange(chunk.Length, 1, 100));
        Assert.All(chunks, chunk => Assert.EndsWith(".", chunk, StringComparison.Ordinal));
        Assert.All(sentences, sentence => Assert.Contains(chunks, chunk => chunk.Contains(sentence, StringComparison.Ordinal)));
        Assert.All(chunks.Zip(chunks.Skip(1)), pair => Assert.StartsWith(pair.First[^19..], pair.Second, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("日本語の文章です。")]
    [InlineData("word ")]
    [InlineData("x")]
    [InlineData("😀x")]
    public void No_text_is_lost_and_no_passage_is_too_long(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 300));

        var chunks = TextChunks.Cut(text, 100, 0);

        Assert.All(chunks, chunk => Assert.InRange(chunk.Length, 1, 100));
        Assert.Equal(text.Replace(" ", "", StringComparison.Ordinal), string.Concat(chunks).Replace(" ", "", StringComparison.Ordinal));
        Assert.All(chunks, chunk => Assert.False(char.IsLowSurrogate(chunk[0])));
    }

    [Theory]
    [InlineData("\n\n \n")]
    [InlineData("... --- ...")]
    public void What_holds_no_word_is_no_passage(string text) => Assert.Empty(TextChunks.Cut(text, 100, 10));

    [Theory]
    [InlineData("Hello, HELLO world!", "'hello' 'world'")]
    [InlineData("ＡＢＣ a'b", "'abc' 'a' 'b'")]
    [InlineData("東京都", "'東京' '京都'")]
    [InlineData("京", "'京'")]
    [InlineData("GPU搭載", "'gpu' '搭載'")]
    [InlineData("Привет Café", "'привет' 'café'")]
    [InlineData("!?", "")]
    public void Queries_are_told_apart_into_words_of_any_script(string query, string expected) =>
        Assert.Equal(expected, string.Join(' ', SearchTerms.OfQuery(query)));

    [Fact]
    public void Texts_have_positions_and_single_characters_where_no_spaces_are_written()
    {
        var (vector, count) = SearchTerms.OfText("to be to 東京");

        Assert.Equal("'be':2 'to':1,3 '京':5 '東':4 '東京':6", vector);
        Assert.Equal(6, count);
    }
}
