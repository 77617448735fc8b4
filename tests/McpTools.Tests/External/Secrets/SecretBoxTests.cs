using JanServer.McpTools.External;
using JanServer.McpTools.External.Secrets;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Tests.External.Secrets;

public sealed class SecretBoxTests
{
    private static readonly string First = Convert.ToBase64String(Enumerable.Repeat((byte)1, 32).ToArray());
    private static readonly string Second = Convert.ToBase64String(Enumerable.Repeat((byte)2, 32).ToArray());
    private static readonly ServerSecrets Secret = new(new Dictionary<string, string> { ["A"] = "b" }, new Dictionary<string, string>(), "c");
    private static readonly Guid Owner = Guid.CreateVersion7();

    [Fact]
    public void What_is_under_the_previous_key_is_read_until_that_is_forgotten()
    {
        var kept = Box(new() { Key = First }).Seal(Secret, ExternalJson.Default.ServerSecrets, "server", Owner);

        Assert.Equal("1", kept.KeyId);
        Assert.Equal("b", Open(Box(new() { Key = First }), kept)!.Headers["A"]);
        Assert.Equal("c", Open(Box(new() { Key = Second, KeyId = "2", PreviousKey = First, PreviousKeyId = "1" }), kept)!.ClientSecret);
        Assert.Null(Open(Box(new() { Key = Second, KeyId = "2" }), kept));
        Assert.Null(Open(Box(new() { Key = Second }), kept));
        Assert.Null(Open(Box(new()), kept));
    }

    [Fact]
    public void A_secret_is_of_one_row_and_one_kind()
    {
        var box = Box(new() { Key = First });
        var kept = box.Seal(Secret, ExternalJson.Default.ServerSecrets, "server", Owner);
        Assert.Null(box.Open(kept, ExternalJson.Default.ServerSecrets, "server", Guid.CreateVersion7()));
        Assert.Null(box.Open(kept, ExternalJson.Default.ServerSecrets, "tokens", Owner));
        Assert.Null(box.Open(kept, ExternalJson.Default.ServerSecrets, "server", Owner, Owner));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("not base 64 !!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA==")]
    public void A_weak_key_is_refused_at_the_start(string key)
    {
        var result = new ExternalEncryptionOptionsValidator().Validate(null, new() { Key = key });
        Assert.True(result.Failed);
    }

    private static SecretBox Box(ExternalEncryptionOptions options) => new(Options.Create(options));

    private static ServerSecrets? Open(SecretBox box, Sealed kept) => box.Open(kept, ExternalJson.Default.ServerSecrets, "server", Owner);
}
