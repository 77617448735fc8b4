using Yarp.ReverseProxy.Forwarder;

// YARP and nothing else: the peer that the gateway path is measured against.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.Services.AddHttpForwarder();
builder.WebHost.UseUrls(builder.Configuration["urls"] ?? "http://127.0.0.1:27100");
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.MinResponseDataRate = null;
});
var app = builder.Build();
app.MapForwarder("/{**path}", builder.Configuration["upstream"] ?? "http://127.0.0.1:27000", new ForwarderRequestConfig
{
    ActivityTimeout = TimeSpan.FromMinutes(10),
});
app.Run();
