using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Publishing;
using Aspire.Hosting.Testing;

namespace JanServer.LocalOrchestrator.Tests.Publishing;

public sealed class ManifestTests : IDisposable
{
    private readonly IDistributedApplicationTestingBuilder _builder =
        TestModel.New("--publisher", "manifest", "--output-path", "unused.json");

    public void Dispose() => _builder.Dispose();

    [Fact]
    public async Task A_secret_parameter_carries_the_rules_of_its_default_but_no_value()
    {
        _builder.AddParameter("key", new GenerateParameterDefault { MinLength = 30, Special = false }, secret: true);

        var parameter = await ResourceAsync("key");

        Assert.Equal(
            """{"value":{"type":"string","secret":true,"default":{"generate":{"minLength":30,"special":false}}}}""",
            parameter["inputs"]!.ToJsonString());
        Assert.Equal(("parameter.v0", "{key.inputs.value}"), ((string?)parameter["type"], (string?)parameter["value"]));
    }

    [Fact]
    public async Task A_container_is_its_image_arguments_mounts_environment_and_bindings()
    {
        _builder.AddContainer("box", "maker/box", "1.2").WithImageRegistry("reg.example")
            .WithArgs("--verbose").WithEntrypoint("/bin/box").WithVolume("box-data", "/data")
            .WithBindMount("/etc/box", "/etc/box", isReadOnly: true)
            .WithHttpEndpoint(port: 80, targetPort: 8080).WithEndpoint(targetPort: 9, name: "raw").WithExternalHttpEndpoints();

        var box = await ResourceAsync("box");

        Assert.Equal("reg.example/maker/box:1.2", (string?)box["image"]);
        Assert.Equal<string>(["type", "image", "entrypoint", "args", "bindMounts", "volumes", "bindings"], box.Select(p => p.Key));
        Assert.Equal(
            """{"scheme":"http","protocol":"tcp","transport":"http","port":80,"targetPort":8080,"external":true}""",
            box["bindings"]!["http"]!.ToJsonString());
        Assert.Equal("""{"scheme":"tcp","protocol":"tcp","transport":"tcp","targetPort":9}""", box["bindings"]!["raw"]!.ToJsonString());
        Assert.Equal("../etc/box", (string?)box["bindMounts"]![0]!["source"]);
    }

    [Fact]
    public async Task A_container_from_a_Dockerfile_is_built_not_pulled()
    {
        _builder.AddDockerfile("own", "/src/own", stage: "final");

        var own = await ResourceAsync("own");

        Assert.Equal("container.v1", (string?)own["type"]);
        Assert.Equal("""{"context":"../src/own","dockerfile":"../src/own/Dockerfile","stage":"final"}""", own["build"]!.ToJsonString());
    }

    [Fact]
    public async Task What_is_only_referred_to_is_listed_too_and_encoded_parameters_after_it()
    {
        var database = _builder.AddPostgres("pg").AddDatabase("shop");
        _builder.AddContainer("box", "box").WithReference(database);

        var resources = await ResourcesAsync();

        Assert.Equal<string>(["pg", "shop", "box", "pg-password", "pg-password-uri-encoded"], resources.Select(r => r.Key));
        Assert.Equal("{pg.connectionString};Database=shop", (string?)resources["shop"]!["connectionString"]);
        Assert.Equal("{shop.connectionString}", (string?)resources["box"]!["env"]!["ConnectionStrings__shop"]);
        Assert.Equal(
            """{"type":"annotated.string","value":"{pg-password.value}","filter":"uri"}""",
            resources["pg-password-uri-encoded"]!.ToJsonString());
    }

    [Fact]
    public async Task A_program_of_this_machine_cannot_be_published_unless_it_is_excluded()
    {
        _builder.AddExecutable("tool", "tool", ".").ExcludeFromManifest();
        Assert.Empty(await ResourcesAsync());

        _builder.AddExecutable("other", "tool", ".");
        await Assert.ThrowsAsync<DistributedApplicationException>(ResourcesAsync);
    }

    private async Task<JsonObject> ResourceAsync(string name) => (JsonObject)(await ResourcesAsync())[name]!;

    private async Task<JsonObject> ResourcesAsync()
    {
        var bytes = await ManifestPublisher.WriteAsync(_builder.Resources, _builder.ExecutionContext, "/out", CancellationToken.None);
        return (JsonObject)JsonNode.Parse(bytes)!["resources"]!;
    }
}
