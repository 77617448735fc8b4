using System.ClientModel;
using System.ClientModel.Primitives;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;
using OpenAI;
using OpenAI.Images;

namespace JanServer.LlmApi.Tests.Images;

/// <summary>OpenAI's own client for C#, against the service as the gateway calls it.</summary>
public sealed class ImageClientTests(ImageFactory api) : IClassFixture<ImageFactory>
{
    [Fact]
    public async Task It_makes_images()
    {
        api.Upstream.Next("/v1/images/generations", exchange => exchange.JsonAsync(OpenAIShapes.Images(ImageFactory.Png)));

        GeneratedImage image = await Images().GenerateImageAsync("a cat", new() { Size = GeneratedImageSize.W1024xH1024 });

        Assert.Equal(new Uri(ImageFactory.StoredUrl), image.ImageUri);
    }

    [Fact]
    public async Task It_edits_images()
    {
        api.Upstream.Next("/v1/images/edits", exchange => exchange.JsonAsync(OpenAIShapes.Images(ImageFactory.Png)));
        using var start = new MemoryStream(ImageFactory.Png);

        GeneratedImage image = await Images().GenerateImageEditAsync(
            start, "cat.png", "a dog", new() { ResponseFormat = GeneratedImageFormat.Bytes });

        Assert.Equal(ImageFactory.Png, image.ImageBytes.ToArray());
    }

    private ImageClient Images()
    {
        var http = api.ClientFor(TestCallers.User().ByApiKey(Scopes.Inference));
        return new OpenAIClient(
            new ApiKeyCredential("unused"),
            new OpenAIClientOptions { Endpoint = new(http.BaseAddress!, "v1"), Transport = new HttpClientPipelineTransport(http) })
            .GetImageClient("vendor/model");
    }
}
