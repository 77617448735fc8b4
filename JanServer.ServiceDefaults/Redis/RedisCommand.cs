using System.Globalization;
using System.Text;

namespace JanServer.ServiceDefaults.Redis;

/// <summary>The arguments of commands, which Redis takes as bytes.</summary>
internal static class RedisCommand
{
    public static ReadOnlyMemory<byte>[] Of(params ReadOnlySpan<string> arguments)
    {
        var command = new ReadOnlyMemory<byte>[arguments.Length];
        for (var index = 0; index < arguments.Length; index++)
        {
            command[index] = Bytes(arguments[index]);
        }

        return command;
    }

    public static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static ReadOnlyMemory<byte> Bytes(long number) => Bytes(number.ToString(CultureInfo.InvariantCulture));
}
