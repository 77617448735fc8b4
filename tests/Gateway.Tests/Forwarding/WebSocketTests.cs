using System.Net.WebSockets;
using System.Text;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;

namespace JanServer.Gateway.Tests.Forwarding;

public sealed class WebSocketTests
{
    [Fact]
    public async Task Messages_pass_both_ways_and_the_service_knows_who_sends_them()
    {
        await using var gateway = await GatewayFactory.NewAsync();
        var token = new TaskCompletionSource<string>();
        await using var service = await TestService.StartAsync(async context =>
        {
            token.SetResult(context.Request.Headers[CallerTokens.HeaderName].ToString());
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[64];
            var message = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
            await socket.SendAsync(buffer.AsMemory(0, message.Count), WebSocketMessageType.Text, true, context.RequestAborted);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", context.RequestAborted);
        });
        gateway["services:realtime-api:http:0"] = service.Address;
        var ann = TestCallers.User().ByApiKey(Scopes.All);
        using var http = gateway.ClientWith(gateway.NewKey(ann));
        using var client = new ClientWebSocket();
        client.Options.SetRequestHeader("Authorization", http.DefaultRequestHeaders.Authorization!.ToString());
        using var deadline = new CancellationTokenSource(Eventually.Deadline);

        await client.ConnectAsync(new Uri($"ws://{http.BaseAddress!.Authority}/v1/realtime"), deadline.Token);
        await client.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, true, deadline.Token);

        var received = new byte[64];
        var message = await client.ReceiveAsync(received, deadline.Token);
        Assert.Equal("hello", Encoding.UTF8.GetString(received, 0, message.Count));
        Assert.Equal(WebSocketMessageType.Close, (await client.ReceiveAsync(received, deadline.Token)).MessageType);
        Assert.Equal(ann.UserId, Callers.Of(await token.Task)?.UserId);
    }

    [Fact]
    public async Task A_socket_without_a_credential_is_refused()
    {
        await using var gateway = await GatewayFactory.NewAsync();
        gateway["services:realtime-api:http:0"] = "http://127.0.0.1:1";
        using var http = gateway.Anonymous();
        using var client = new ClientWebSocket();
        client.Options.CollectHttpResponseDetails = true;
        using var deadline = new CancellationTokenSource(Eventually.Deadline);

        await Assert.ThrowsAsync<WebSocketException>(
            () => client.ConnectAsync(new Uri($"ws://{http.BaseAddress!.Authority}/v1/realtime"), deadline.Token));
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, client.HttpStatusCode);
    }
}
