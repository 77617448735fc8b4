using JanServer.LlmApi.Models;

namespace JanServer.LlmApi.Tests.Models;

public class ModelNamesTests
{
    [Theory]
    [InlineData("custom", "openai:gpt-4o", "openai/gpt-4o")]
    [InlineData("custom", "meta-llama:Llama_3", "meta/llama-3")]
    [InlineData("google", "models/gemini-2.0-flash", "google/gemini-2.0-flash")]
    [InlineData("gemini", "gemini-1.5-pro", "google/gemini-1.5-pro")]
    [InlineData("bedrock", "anthropic.claude-3-haiku-20240307-v1:0", "anthropic/claude-3-haiku-20240307-v1")]
    [InlineData("aws_bedrock", "us.meta.llama3-1-70b-instruct-v1:0", "meta/llama3-1-70b-instruct-v1")]
    [InlineData("aws_bedrock", "ai21.jamba-1-5-large-v1:0", "ai21/jamba-1-5-large-v1")]
    [InlineData("openrouter", "meta-llama/llama-3.1-8b-instruct:free", "meta/llama-3.1-8b-instruct-free")]
    [InlineData("openrouter", "mistralai/Mixtral-8x7B", "mistral/mixtral-8x7b")]
    [InlineData("together", "Qwen/Qwen2.5-7B-Instruct-Turbo", "qwen/qwen2.5-7b-instruct-turbo")]
    [InlineData("huggingface", "tiiuae/falcon-7b", "tii/falcon-7b")]
    [InlineData("openrouter", "deepmind/gemma-2", "google/gemma-2")]
    [InlineData("openrouter", "someone/llama-3-fine", "meta/llama-3-fine")]
    [InlineData("openrouter", "nousresearch/hermes-3", "openrouter/hermes-3")]
    [InlineData("vercel", "xai/grok-2", "vercel/grok-2")]
    [InlineData("custom", "nousresearch/hermes-3", "nousresearch/hermes-3")]
    [InlineData("ollama", "llama3.2:1b", "meta/llama3.2-1b")]
    [InlineData("ollama", "qwen:7b", "qwen/qwen-7b")]
    [InlineData("vllm", "mistral:7b", "mistral/mistral-7b")]
    [InlineData("ollama", "nomic-embed-text:latest", "unknown/nomic-embed-text-latest")]
    [InlineData("openai", "gpt-4o-mini", "openai/gpt-4o-mini")]
    [InlineData("azure_openai", "my_deployment", "openai/my-deployment")]
    [InlineData("anthropic", "claude-sonnet-4-0", "anthropic/claude-sonnet-4-0")]
    [InlineData("cohere", "command-r", "cohere/command-r")]
    [InlineData("groq", "llama-3.3-70b-versatile", "meta/llama-3.3-70b-versatile")]
    [InlineData("groq", "gemma2-9b-it", "google/gemma2-9b-it")]
    [InlineData("custom", "phi-4", "microsoft/phi-4")]
    [InlineData("custom", "yi-34b", "01-ai/yi-34b")]
    [InlineData("custom", "chatglm3", "zhipu/chatglm3")]
    [InlineData("custom", "my-claude-proxy", "anthropic/my-claude-proxy")]
    [InlineData("custom", "o1-preview", "openai/o1-preview")]
    [InlineData("custom", "jan-v1-4b", "unknown/jan-v1-4b")]
    [InlineData("jan", "jan-v1-4b", "jan/jan-v1-4b")]
    [InlineData(null, "My Model (v2)", "unknown/my-model-v2")]
    public void A_model_is_named_after_who_made_it(string? vendor, string modelId, string publicId) =>
        Assert.Equal(publicId, ModelNames.Normalize(vendor, modelId));

    [Fact]
    public void A_name_of_foreign_letters_still_has_an_id_of_its_own()
    {
        var one = ModelNames.Normalize("custom", "模型一");
        Assert.StartsWith("unknown/", one, StringComparison.Ordinal);
        Assert.NotEqual(one, ModelNames.Normalize("custom", "模型二"));
        Assert.Equal(one, ModelNames.Normalize("custom", "模型一"));
    }

    [Theory]
    [InlineData(":")]
    [InlineData("/")]
    [InlineData("openai:")]
    [InlineData("/x")]
    [InlineData("models/")]
    [InlineData("a.")]
    [InlineData(".")]
    [InlineData("openai::x")]
    [InlineData("a/b/c:d:e")]
    public void Odd_ids_have_a_vendor_and_a_name_as_well(string modelId) =>
        Assert.Matches("^[a-z0-9.-]+/[a-z0-9./-]+$", ModelNames.Normalize("custom", modelId));

    [Fact]
    public void Names_that_fall_together_are_told_apart_by_their_owners() =>
        Assert.Equal("openrouter/b-hermes-3", ModelNames.Distinguish("openrouter/hermes-3", "B/Hermes-3"));

    [Theory]
    [InlineData("meta/llama-3.1-8b", "llama")]
    [InlineData("qwen/qwen2.5-7b", "qwen")]
    [InlineData("unknown/01", null)]
    public void A_family_is_how_a_name_begins(string publicId, string? family) => Assert.Equal(family, ModelNames.FamilyOf(publicId));
}
