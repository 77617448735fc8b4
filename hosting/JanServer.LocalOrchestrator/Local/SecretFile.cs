using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aspire.Hosting.Local;

/// <summary>
/// Generated values by key, in a file that only its owner can read. It is written whole and renamed, so it is never half there.
/// </summary>
internal sealed class SecretFile(string path)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly Lock _lock = new();
    private JsonObject? _values;

    public string GetOrAdd(string key, Func<string> create)
    {
        lock (_lock)
        {
            _values ??= Read();
            if (_values[key]?.GetValue<string>() is { } known)
            {
                return known;
            }

            var value = create();
            _values[key] = value;
            Write(_values);
            return value;
        }
    }

    private JsonObject Read()
    {
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new JsonException("not an object");
        }
        catch (JsonException exception)
        {
            throw new DistributedApplicationException(
                $"{path} is not valid JSON. Repair it, or delete the whole state folder to start with an empty database.", exception);
        }
    }

    private void Write(JsonObject values)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = path + ".new";
        using (var stream = PrivateFile.Create(temporary))
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            values.WriteTo(writer, Indented);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
