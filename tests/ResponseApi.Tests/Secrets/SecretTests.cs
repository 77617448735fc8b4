using System.Security.Cryptography;
using System.Text.Json;
using JanServer.ResponseApi.Secrets;
using JanServer.ResponseApi.Tests.Fixtures;
using JanServer.Testing.Identity;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Tests.Secrets;

public sealed class SecretTests
{
    private static readonly string One = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private static readonly string Two = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    [Fact]
    public void What_is_sealed_opens_for_its_owner_and_purpose_only()
    {
        var sealedText = Box(One).Seal("webhook", "wh_1", "secret"u8);

        Assert.Equal("secret"u8.ToArray(), Box(One).Open("webhook", "wh_1", sealedText));
        Assert.Null(Box(One).Open("webhook", "wh_2", sealedText));
        Assert.Null(Box(One).Open("request", "wh_1", sealedText));
        Assert.Null(Box(Two).Open("webhook", "wh_1", sealedText));
        Assert.Null(Box(One).Open("webhook", "wh_1", sealedText.AsSpan(..^1)));
        Assert.Null(Box(One).Open("webhook", "wh_1", []));
    }

    [Fact]
    public void The_key_before_opens_what_is_under_it() =>
        Assert.NotNull(Box(Two, previous: One).Open("webhook", "a", Box(One).Seal("webhook", "a", "x"u8)));

    [Theory]
    [InlineData("")]
    [InlineData("c2hvcnQ=")]
    [InlineData("no base64, but long enough to be a key of 32 bytes")]
    public void A_key_that_is_none_is_refused(string key) =>
        Assert.True(new EncryptionKeyValidator().Validate(null, new() { Key = key }).Failed);

    [Fact]
    public void Credentials_of_tools_are_taken_out_and_put_back()
    {
        var body = JsonElement.Parse(
            """{"model":"m","tools":[{"type":"web_search"},{"type":"mcp","server_label":"a","headers":{"X-Key":"one"},"authorization":"two"}]}""");

        var (plain, secrets) = RequestSecrets.Split(body);

        Assert.DoesNotContain("one", plain.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("two", plain.GetRawText(), StringComparison.Ordinal);
        Assert.True(JsonElement.DeepEquals(body, RequestSecrets.Join(plain, secrets)));
        Assert.Null(RequestSecrets.Split(JsonElement.Parse("""{"model":"m"}""")).Secrets);
    }

    [Fact]
    public async Task No_credential_of_a_background_response_lies_in_the_database()
    {
        await using var service = await ResponseService.StartAsync(("Background:Workers", "0"));
        using var client = service.ClientFor(TestCallers.User());
        var tool = new { type = "mcp", server_label = "a", server_url = "https://mcp.example.test/", authorization = "the-very-secret-word" };

        var made = await client.RespondAsync(new { model = "m", input = "Hi", background = true, tools = new[] { tool } }).JsonAsync();

        Assert.DoesNotContain("the-very-secret-word", made.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(0, await service.Database.ScalarAsync<long>("SELECT count(*) FROM responses WHERE responses::text LIKE '%the-very-secret-word%'"));
        Assert.Equal(1, await service.Database.ScalarAsync<long>("SELECT count(*) FROM responses WHERE secrets IS NOT NULL"));
        await client.PokeAsync($"/v1/responses/{made.Text("id")}/cancel").JsonAsync();
        Assert.Equal(0, await service.Database.ScalarAsync<long>("SELECT count(*) FROM responses WHERE secrets IS NOT NULL"));
    }

    private static SecretBox Box(string key, string? previous = null) =>
        new(Options.Create(new EncryptionOptions { Key = key, PreviousKey = previous }));
}
