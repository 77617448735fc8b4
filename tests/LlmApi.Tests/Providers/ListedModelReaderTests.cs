using System.Text;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Providers;

namespace JanServer.LlmApi.Tests.Providers;

public class ListedModelReaderTests
{
    [Fact]
    public void What_openrouter_says_is_understood()
    {
        var model = Assert.Single(Read(
            """
            {"data":[{"id":"openai/gpt-4o:extended","canonical_slug":"openai/gpt-4o","name":"GPT-4o","created":1715558400,"description":"d",
            "context_length":128000,"architecture":{"modality":"text+image->text","input_modalities":["text","image"],"output_modalities":["text"],
            "tokenizer":"GPT","instruct_type":null},"pricing":{"prompt":"0.0000025","completion":"0.00001","request":"0","image":"0.003613",
            "input_cache_read":"0.00000125","web_search":"-1"},"top_provider":{"context_length":128000,"max_completion_tokens":64000,"is_moderated":true},
            "supported_parameters":["tools","temperature","reasoning"],"default_parameters":{"temperature":0.7,"top_p":null}}]}
            """)!);
        Assert.Equal("openai/gpt-4o", model.CanonicalSlug);
        Assert.Equal(64000, model.MaxCompletionTokens);
        Assert.True(model.IsModerated);
        Assert.Equal(ModelFeatures.Images | ModelFeatures.Tools | ModelFeatures.Reasoning, model.Features);
        Assert.Equal(["temperature"], model.Parameters.Default.Keys);
        Assert.Equal(
            ["per_1m_prompt_tokens 2500000", "per_1m_completion_tokens 10000000", "per_1m_cached_tokens 1250000", "per_request 0", "per_image 3613"],
            model.Pricing.Select(line => $"{line.Unit} {line.AmountMicroUsd}"));
        Assert.Equal(2500, new ModelPricing(model.Pricing).CostMicroUsd(new(1000, 0, 1000, 0, 0)));
    }

    [Theory]
    [InlineData("""{"object":"list","data":[{"id":"m","max_model_len":4096}]}""", 4096)]
    [InlineData("""[{"id":"m","max_context_length":8}]""", 8)]
    [InlineData("""[{"id":"m","context_length":-1}]""", null)]
    [InlineData("""[{"id":"m","context_length":"much"}]""", null)]
    public void Engines_say_in_their_own_words_how_much_a_model_takes(string list, int? length) => Assert.Equal(length, Read(list)![0].ContextLength);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"data":{}}""")]
    [InlineData("null")]
    [InlineData("x")]
    [InlineData("[")]
    public void Something_else_is_no_list(string text) => Assert.Null(Read(text));

    [Theory]
    [InlineData("""[1,null,{},{"id":1},{"id":""},{"id":"a\u0000b"},{"id":"m"},{"id":"m"}]""")]
    [InlineData("""[{"id":"m","pricing":{"prompt":"1e400","completion":true,"request":[]},"architecture":[],"top_provider":7,"supported_parameters":[1]}]""")]
    public void What_makes_no_sense_is_passed_over(string list) => Assert.Equal("m", Assert.Single(Read(list)!).Id);

    [Fact]
    public void The_time_of_a_request_is_no_news()
    {
        var (one, other) = (Read("""[{"id":"m","created":1}]""")![0], Read("""[{"id":"m","created":2}]""")![0]);
        Assert.Equal(one.Hash(), other.Hash());
        Assert.NotEqual(one.Hash(), Read("""[{"id":"m","created":1,"max_model_len":5}]""")![0].Hash());
    }

    private static IReadOnlyList<ListedModel>? Read(string list) => ListedModelReader.Read(Encoding.UTF8.GetBytes(list));
}
