using System.Globalization;
using System.Text;
using JanServer.LlmApi.Requests;

namespace JanServer.LlmApi.Tests.Requests;

public class EditListTests
{
    private const string Body = "0123456789abcdefghijklmnopqrstuvwxyz";

    [Fact]
    public async Task Edits_come_in_any_order_and_equal_surgery_on_the_text()
    {
        var random = new Random(20261125);
        for (var round = 0; round < 300; round++)
        {
            var expected = new StringBuilder();
            var edits = new List<Edit>();
            var position = 0;
            while (position < Body.Length)
            {
                var kept = random.Next(0, 5);
                expected.Append(Body.AsSpan(position, Math.Min(kept, Body.Length - position)));
                position = Math.Min(position + kept, Body.Length);
                var gone = Math.Min(random.Next(0, 4), Body.Length - position);
                var with = new string('X', random.Next(0, 3)) + round.ToString(CultureInfo.InvariantCulture);
                with = gone > 0 && random.Next(2) == 0 ? "" : with;
                edits.Add(new(position, position + gone, Replacement.Of(Encoding.UTF8.GetBytes(with))));
                expected.Append(with);
                position += gone;

                // Two places in a row without a byte between them would be two insertions at one place, whose order the shuffle loses.
                expected.Append(position < Body.Length ? Body[position] : "");
                position++;
            }

            var list = new EditList([]);
            foreach (var edit in edits.OrderBy(_ => random.Next()))
            {
                list.Add(edit);
            }

            Assert.Equal(expected.ToString(), await ApplyAsync(list));
        }
    }

    [Fact]
    public async Task What_lies_inside_a_cut_goes_with_it()
    {
        var list = new EditList([new(5, 7, Of("seen"))]);
        list.Add(new(12, 14, Of("dropped")));
        list.Cut(11, 12);
        list.Insert(15, Of("dropped"));
        list.Cut(10, 20);
        list.Add(new(10, 12, Of("dropped")));
        list.Insert(10, Of("<"));
        list.Insert(20, Of(">"));
        Assert.Equal("01234seen789<>klmnopqrstuvwxyz", await ApplyAsync(list));
    }

    [Fact]
    public async Task Insertions_at_one_place_keep_their_order_and_come_before_what_replaces_it()
    {
        var list = new EditList([new(1, 2, Of("R"))]);
        list.Insert(1, Of("a"));
        list.Insert(1, Of("b"));
        Assert.Equal("0abR" + Body[2..], await ApplyAsync(list));
    }

    [Theory]
    [InlineData(1, 5, "x", 3, 8, "y")]
    [InlineData(1, 5, "x", 2, 3, "y")]
    [InlineData(1, 5, "x", 1, 5, "y")]
    [InlineData(1, 5, "", 3, 8, "y")]
    [InlineData(1, 5, "", 3, 8, "")]
    [InlineData(1, 5, "x", 2, 2, "y")]
    public void Edits_that_contradict_each_other_are_refused(int start, int end, string with, int start2, int end2, string with2)
    {
        var list = new EditList([new(start2, end2, Of(with2)), new(start, end, Of(with))]);
        Assert.Throws<InvalidOperationException>(list.Build);
    }

    private static Replacement Of(string text) => Replacement.Of(Encoding.UTF8.GetBytes(text));

    private static async Task<string> ApplyAsync(EditList list)
    {
        using var outgoing = new OutgoingBody(Encoding.UTF8.GetBytes(Body), list.Build(), []);
        var text = await outgoing.ReadAsStringAsync();
        Assert.Equal(text.Length, outgoing.Headers.ContentLength);
        return text;
    }
}
