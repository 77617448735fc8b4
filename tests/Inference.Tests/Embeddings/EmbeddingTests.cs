using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace JanServer.Inference.Tests.Embeddings;

public sealed class EmbeddingTests(EngineHost engine) : IClassFixture<EngineHost>
{
    [Fact]
    public async Task Each_input_gets_a_vector_of_length_one_in_order()
    {
        var answer = await EmbedAsync("\"input\":[\"a river\",\"a mountain\"]");

        Assert.Equal("list", answer.Json.GetProperty("object").GetString());
        Assert.Equal([0, 1], answer.Json.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("index").GetInt32()));
        Assert.All(Vectors(answer), vector =>
        {
            Assert.Equal(384, vector.Length);
            Assert.Equal(1, Cosine(vector, vector), 1e-4);
        });
        Assert.Equal(4, answer.Json.GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task Texts_that_share_words_are_nearer_than_texts_that_do_not()
    {
        var vectors = Vectors(await EmbedAsync(
            """
            "input":["How do I reset my password?","I forgot my password and want to reset it","The otter swims in a cold river"]
            """));

        Assert.True(Cosine(vectors[0], vectors[1]) > Cosine(vectors[0], vectors[2]) + 0.2);
    }

    [Fact]
    public async Task Base64_and_numbers_are_the_same_vector()
    {
        var numbers = Vectors(await EmbedAsync("\"input\":\"a river\",\"dimensions\":64"))[0];
        var base64 = (await EmbedAsync("\"input\":\"a river\",\"dimensions\":64,\"encoding_format\":\"base64\"")).Json
            .GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64();

        Assert.Equal(numbers, MemoryMarshal.Cast<byte, float>(base64).ToArray());
    }

    [Theory]
    [InlineData("[1,2,3]", 1)]
    [InlineData("[[1,2,3],[4]]", 2)]
    public async Task Token_numbers_are_embedded_too(string input, int count) =>
        Assert.Equal(count, Vectors(await EmbedAsync($"\"input\":{input}")).Count);

    [Theory]
    [InlineData("\"x\":1", "input")]
    [InlineData("\"input\":\"\"", "input")]
    [InlineData("\"input\":[]", "input")]
    [InlineData("\"input\":[\"a\",5]", "input[1]")]
    [InlineData("\"input\":\"a\",\"dimensions\":0", "dimensions")]
    [InlineData("\"input\":\"a\",\"dimensions\":4097", "dimensions")]
    [InlineData("\"input\":\"a\",\"encoding_format\":\"hex\"", "encoding_format")]
    public async Task A_bad_field_is_named(string fields, string param)
    {
        var answer = await EmbedAsync(fields);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(param, answer.Error.GetProperty("param").GetString());
    }

    [Fact]
    public async Task The_chat_model_does_not_embed()
    {
        var answer = await engine.PostAsync("/v1/embeddings", """{"model":"jan-demo","input":"a"}""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("model", answer.Error.GetProperty("param").GetString());
    }

    [Fact]
    public async Task The_tei_contract_gives_bare_vectors_equal_to_those_of_openais()
    {
        var tei = await engine.PostAsync("/embed", """{"inputs":["a river","a mountain"],"normalize":true,"truncate":false}""");
        var openai = Vectors(await EmbedAsync("\"input\":\"a river\""));

        Assert.Equal(2, tei.Json.GetArrayLength());
        Assert.Equal(openai[0], tei.Json[0].EnumerateArray().Select(value => value.GetSingle()));
    }

    [Fact]
    public async Task The_tei_info_names_the_embedder()
    {
        using var client = engine.CreateClient();
        var info = JsonElement.Parse(await client.GetStringAsync(new Uri("/info", UriKind.Relative)));

        Assert.Equal("jan-demo-embed", info.GetProperty("model_id").GetString());
        Assert.True(info.GetProperty("max_input_length").GetInt32() > 0);
    }

    private Task<Answer> EmbedAsync(string fields) => engine.PostAsync("/v1/embeddings", $$"""{"model":"jan-demo-embed",{{fields}}}""");

    private static IReadOnlyList<float[]> Vectors(Answer answer) =>
        [
            .. answer.Json.GetProperty("data").EnumerateArray()
                .Select(item => item.GetProperty("embedding").EnumerateArray().Select(value => value.GetSingle()).ToArray()),
        ];

    private static double Cosine(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
}
