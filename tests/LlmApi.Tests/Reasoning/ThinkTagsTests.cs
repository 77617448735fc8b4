using System.Text;
using JanServer.LlmApi.Reasoning;

namespace JanServer.LlmApi.Tests.Reasoning;

public class ThinkTagsTests
{
    [Theory]
    [InlineData("plain answer", "plain answer", "")]
    [InlineData("", "", "")]
    [InlineData("  leading space stays", "  leading space stays", "")]
    [InlineData("<think>why</think>because", "because", "why")]
    [InlineData("\n<think>\nwhy\n\nnot\n</think>\n\nbecause\n", "because\n", "why\n\nnot")]
    [InlineData("<think>\n\n</think>\n\nbecause", "because", "")]
    [InlineData("<think>never closed", "", "never closed")]
    [InlineData("<think>almost </thin", "", "almost </thin")]
    [InlineData("<think>a < b </ c</think>d", "d", "a < b </ c")]
    [InlineData("<thin", "<thin", "")]
    [InlineData("<thinker>no</thinker>", "<thinker>no</thinker>", "")]
    [InlineData("say <think>this</think>", "say <think>this</think>", "")]
    [InlineData("<think>one</think><think>two</think>", "<think>two</think>", "one")]
    [InlineData("<think></think>", "", "")]
    public void Reasoning_is_told_from_the_answer_however_the_text_is_cut(string text, string content, string reasoning)
    {
        Assert.Equal((content, reasoning), Read([text]));
        Assert.Equal((content, reasoning), Read(text.Select(c => c.ToString())));
        for (var seed = 0; seed < 50; seed++)
        {
            Assert.Equal((content, reasoning), Read(Cut(text, new Random(seed))));
        }
    }

    [Fact]
    public void Text_that_is_no_reasoning_is_not_held_back()
    {
        var tags = new ThinkTags();
        Assert.Equal(("Hello", ""), tags.Feed("Hello"));
        Assert.True(tags.IsOutside);
    }

    [Fact]
    public void Reasoning_is_passed_on_as_it_comes()
    {
        var tags = new ThinkTags();
        Assert.Equal(("", "first"), tags.Feed("<think>first"));
        Assert.Equal(("", " second"), tags.Feed(" second"));
        Assert.Equal(("", ""), tags.Feed(" </th"));
        Assert.Equal(("done", ""), tags.Feed("ink> done"));
    }

    private static (string Content, string Reasoning) Read(IEnumerable<string> pieces)
    {
        var tags = new ThinkTags();
        var (content, reasoning) = (new StringBuilder(), new StringBuilder());
        foreach (var piece in pieces)
        {
            Take(tags.Feed(piece));
        }

        Take(tags.End());
        return (content.ToString(), reasoning.ToString());

        void Take((string Content, string Reasoning) part)
        {
            content.Append(part.Content);
            reasoning.Append(part.Reasoning);
        }
    }

    private static IEnumerable<string> Cut(string text, Random random)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = random.Next(1, Math.Min(6, text.Length - at + 1));
            yield return text.Substring(at, length);
            at += length;
        }
    }
}
