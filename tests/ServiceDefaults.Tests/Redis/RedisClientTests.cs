using System.Net;
using System.Net.Sockets;
using System.Text;
using JanServer.ServiceDefaults.Redis;
using JanServer.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace JanServer.ServiceDefaults.Tests.Redis;

public sealed class RedisClientTests
{
    [RedisFact]
    public async Task Commands_of_many_callers_share_a_connection_and_get_their_own_replies()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = server.Connect();

        var replies = await Task.WhenAll(Enumerable.Range(0, 2000).Select(async number =>
            (Sent: $"value {number}", Got: (await redis.ExecuteAsync(RedisCommand.Of("ECHO", $"value {number}"), default)).Text)));

        Assert.All(replies, reply => Assert.Equal(reply.Sent, reply.Got));
        var clients = await redis.ExecuteAsync(RedisCommand.Of("CLIENT", "LIST", "TYPE", "normal"), default);
        Assert.Single(clients.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [RedisFact]
    public async Task Binary_values_of_any_size_come_back_as_they_were()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = server.Connect();
        var value = new byte[1_000_000];
        Random.Shared.NextBytes(value);

        await redis.ExecuteAsync([.. RedisCommand.Of("SET", "k"), value], default);

        Assert.Equal(value, (await redis.ExecuteAsync(RedisCommand.Of("GET", "k"), default)).Bytes);
        Assert.Equal(RedisReplyKind.Nil, (await redis.ExecuteAsync(RedisCommand.Of("GET", "missing"), default)).Kind);
    }

    [RedisFact]
    public async Task An_error_is_for_its_own_command_only()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = server.Connect();

        var wrong = redis.ExecuteAsync(RedisCommand.Of("INCR"), default);
        var right = redis.ExecuteAsync(RedisCommand.Of("INCR", "n"), default);

        Assert.Contains("wrong number of arguments", (await Assert.ThrowsAsync<RedisException>(() => wrong)).Message, StringComparison.Ordinal);
        Assert.Equal(1, (await right).Integer);
    }

    [RedisFact]
    public async Task A_script_that_the_server_forgot_is_sent_again()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = server.Connect();
        var script = new RedisScript("return {KEYS[1], ARGV[1]}");

        foreach (var forget in (bool[])[false, true])
        {
            if (forget)
            {
                await redis.ExecuteAsync(RedisCommand.Of("SCRIPT", "FLUSH"), default);
            }

            var reply = await redis.EvaluateAsync(script, "key", RedisCommand.Of("argument"), default);
            Assert.Equal(["key", "argument"], reply.Items!.Select(item => item.Text));
        }
    }

    [RedisFact]
    public async Task A_wrong_password_is_said_to_be_one()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = new RedisClient(
            RedisSettings.Parse(server.ConnectionString) with { Password = "wrong" },
            TimeProvider.System,
            NullLogger<RedisClient>.Instance);

        var failure = await Assert.ThrowsAsync<RedisException>(() => redis.ExecuteAsync(RedisCommand.Of("PING"), default));

        Assert.Contains("WRONGPASS", failure.InnerException!.Message, StringComparison.Ordinal);
    }

    [RedisFact]
    public async Task A_server_that_went_away_fails_commands_and_is_found_again()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = server.Connect();
        await redis.ExecuteAsync(RedisCommand.Of("PING"), default);

        await server.KillAsync();
        await Assert.ThrowsAsync<RedisException>(() => redis.ExecuteAsync(RedisCommand.Of("PING"), default));
        await server.RestartAsync();

        await Eventually.Succeeds(() => redis.ExecuteAsync(RedisCommand.Of("PING"), default));
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_not_tried_for_every_command()
    {
        var clock = new FakeClock();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await using var redis = new RedisClient(new("127.0.0.1", port), clock, NullLogger<RedisClient>.Instance);

        var first = await Assert.ThrowsAsync<RedisException>(() => redis.ExecuteAsync(RedisCommand.Of("PING"), default));
        var second = await Assert.ThrowsAsync<RedisException>(() => redis.ExecuteAsync(RedisCommand.Of("PING"), default));
        clock.Advance(TimeSpan.FromSeconds(1));
        var third = await Assert.ThrowsAsync<RedisException>(() => redis.ExecuteAsync(RedisCommand.Of("PING"), default));

        Assert.IsType<SocketException>(first.InnerException);
        Assert.Null(second.InnerException);
        Assert.IsType<SocketException>(third.InnerException);
    }

    [Fact]
    public async Task A_command_without_an_answer_ends_its_connection()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var settings = new RedisSettings("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port) { CommandTimeout = TimeSpan.FromMilliseconds(50) };
        await using var redis = new RedisClient(settings, TimeProvider.System, NullLogger<RedisClient>.Instance);
        var command = redis.ExecuteAsync(RedisCommand.Of("GET", "x"), default);
        using var server = await listener.AcceptTcpClientAsync();
        await server.GetStream().ReadExactlyAsync(new byte["*1\r\n$4\r\nPING\r\n".Length]);
        await server.GetStream().WriteAsync("+PONG\r\n"u8.ToArray());

        Assert.IsType<TimeoutException>((await Assert.ThrowsAsync<RedisException>(() => command)).InnerException);

        // What was sent arrives, and then the end.
        using var reader = new StreamReader(server.GetStream(), Encoding.ASCII);
        Assert.Contains("GET", await reader.ReadToEndAsync().Soon(), StringComparison.Ordinal);
    }
}
