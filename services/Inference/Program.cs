using JanServer.Inference;
using JanServer.Inference.Access;
using JanServer.Inference.Chat;
using JanServer.Inference.Completions;
using JanServer.Inference.Demo;
using JanServer.Inference.Embeddings;
using JanServer.Inference.Images;
using JanServer.Inference.Models;
using JanServer.Inference.Tokens;
using JanServer.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults(InferenceJson.Default);
builder.Services.AddEngineAccess();
builder.Services.AddDemo();

var app = builder.Build();

app.UseServiceDefaults();
app.UseEngineAccess();
app.MapDefaultEndpoints();
app.MapEngineHealth();
app.MapModels();
app.MapChat();
app.MapCompletions();
app.MapEmbeddings();
app.MapImages();
app.MapTextEmbeddingsInference();
app.MapTokenize();

app.Run();
