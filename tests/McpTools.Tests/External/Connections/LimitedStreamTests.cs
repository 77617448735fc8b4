using System.Text;
using JanServer.McpTools.External.Connections;

namespace JanServer.McpTools.Tests.External.Connections;

public sealed class LimitedStreamTests
{
    [Theory]
    [InlineData(nameof(MessageEnd.Body), "1234567890", true)]
    [InlineData(nameof(MessageEnd.Body), "12345678901", false)]
    [InlineData(nameof(MessageEnd.Body), "1\n\n3456789012", false)]
    [InlineData(nameof(MessageEnd.Line), "123456789\n123456789\n123456789\n", true)]
    [InlineData(nameof(MessageEnd.Line), "1234567890\n", false)]
    [InlineData(nameof(MessageEnd.Event), "data: 12\n\ndata: 12\n\ndata: 12\n\n", true)]
    [InlineData(nameof(MessageEnd.Event), "data: 1\r\n\r\n", false)]
    [InlineData(nameof(MessageEnd.Event), "a: 1\r\n\r\na: 1\r\n\r\na: 1\r\n\r\n", true)]
    [InlineData(nameof(MessageEnd.Event), "data:\ndata:\n", false)]
    public async Task One_message_has_its_limit_however_the_bytes_come(string end, string text, bool fits)
    {
        foreach (var step in new[] { 1, 3, 100 })
        {
            using var stream = new LimitedStream(new MemoryStream(Encoding.ASCII.GetBytes(text)), 10, Enum.Parse<MessageEnd>(end));
            var reading = ReadAsync(stream, step);
            if (fits)
            {
                Assert.Equal(text, await reading);
            }
            else
            {
                await Assert.ThrowsAsync<MessageTooLargeException>(() => reading);
            }
        }
    }

    private static async Task<string> ReadAsync(Stream stream, int step)
    {
        var text = new StringBuilder();
        var buffer = new byte[step];
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return text.ToString();
    }
}
