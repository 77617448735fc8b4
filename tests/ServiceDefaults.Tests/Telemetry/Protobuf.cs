using System.Buffers.Binary;
using System.Text;

namespace JanServer.ServiceDefaults.Tests.Telemetry;

/// <summary>Reads just enough of protobuf's wire format to look into what was exported.</summary>
internal readonly struct Protobuf(ReadOnlyMemory<byte> message)
{
    public byte[] Bytes => message.ToArray();

    public string Text => Encoding.UTF8.GetString(message.Span);

    /// <summary>All embedded messages, strings or bytes with this field number.</summary>
    public IEnumerable<Protobuf> All(int number) =>
        Fields().Where(field => field.Number == number && field.IsBytes).Select(field => new Protobuf(field.Bytes));

    public IEnumerable<Protobuf> All(params int[] path)
    {
        IEnumerable<Protobuf> found = [this];
        foreach (var number in path)
        {
            found = [.. found.SelectMany(parent => parent.All(number))];
        }

        return found;
    }

    public ulong Number(int number) => Fields().FirstOrDefault(field => field.Number == number && !field.IsBytes).Value;

    /// <summary>OpenTelemetry's KeyValue list in this field: strings and integers.</summary>
    public Dictionary<string, string> Attributes(int number) => All(number).ToDictionary(
        pair => pair.All(1).Single().Text,
        pair => pair.All(2).Single() is var value && value.All(1).Any()
            ? value.All(1).First().Text
            : value.Number(3).ToString(System.Globalization.CultureInfo.InvariantCulture));

    private List<(int Number, bool IsBytes, ulong Value, ReadOnlyMemory<byte> Bytes)> Fields()
    {
        var fields = new List<(int, bool, ulong, ReadOnlyMemory<byte>)>();
        var position = 0;
        while (position < message.Length)
        {
            var tag = Varint(ref position);
            var number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    fields.Add((number, false, Varint(ref position), default));
                    break;
                case 1:
                    fields.Add((number, false, BinaryPrimitives.ReadUInt64LittleEndian(message.Span[position..]), default));
                    position += 8;
                    break;
                case 2:
                    var length = (int)Varint(ref position);
                    fields.Add((number, true, 0, message.Slice(position, length)));
                    position += length;
                    break;
                case 5:
                    position += 4;
                    break;
                default:
                    throw new InvalidDataException($"Wire type {tag & 7}");
            }
        }

        return fields;
    }

    private ulong Varint(ref int position)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = message.Span[position++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
