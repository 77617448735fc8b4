var builder = DistributedApplication.CreateBuilder(args);

var llmApi = builder.AddProject<Projects.JanServer_LlmApi>("llm-api", launchProfileName: null)
    .WithHttpEndpoint(port: 8080);

builder.AddProject<Projects.JanServer_Gateway>("gateway", launchProfileName: null)
    .WithHttpEndpoint(port: 8000)
    .WithExternalHttpEndpoints()
    .WithReference(llmApi)
    .WaitFor(llmApi);

builder.Build().Run();
