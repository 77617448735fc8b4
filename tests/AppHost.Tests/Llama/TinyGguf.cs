using System.Text;

namespace JanServer.AppHost.Tests.Llama;

/// <summary>
/// Writes a llama model of two layers with random weights and a byte-fallback vocabulary (GGUF version 3), some 600 KB. It is a
/// real file for the real engine: it proves loading, prompting, streaming and cancelling, and says nothing sensible.
/// </summary>
internal sealed class TinyGguf : IDisposable
{
    private const int Layers = 2, Width = 64, Heads = 4, FeedForward = 128, Context = 2048, Alignment = 32;
    private const int EndOfTurn = 260;

    private const string Words =
        "the of and to in is you that it he was for on are as with his they at be this have from or one had by word but not what all "
        + "were we when your can said there use an each which she do how their if will up other about out many then them these so some "
        + "her would make like him into time has look two more write go see number no way could people my than first water been call";

    private const string Template =
        "{% for m in messages %}{{'<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    private readonly Random _random = new(42);
    private readonly MemoryStream _meta = new();
    private readonly MemoryStream _tensors = new();
    private readonly MemoryStream _data = new();
    private int _metaCount;
    private int _tensorCount;

    public static void Write(string path)
    {
        using var model = new TinyGguf();
        model.WriteTo(path);
    }

    public void Dispose()
    {
        _meta.Dispose();
        _tensors.Dispose();
        _data.Dispose();
    }

    private enum TokenType
    {
        Normal = 1,
        Control = 3,
        Byte = 6,
    }

    private static IEnumerable<(string Text, float Score, TokenType Type)> Vocabulary()
    {
        yield return ("<unk>", 0, TokenType.Control);
        yield return ("<s>", 0, TokenType.Control);
        yield return ("</s>", 0, TokenType.Control);
        for (var i = 0; i < 256; i++)
        {
            yield return ($"<0x{i:X2}>", 0, TokenType.Byte);
        }

        yield return ("<|im_start|>", 0, TokenType.Control);
        yield return ("<|im_end|>", 0, TokenType.Control);
        yield return ("\u2581", -1, TokenType.Normal);
        const string letters = "etaoinshrdlcumwfgypbvkjxqzETAOINSHRDLCUMWFGYPBVKJXQZ0123456789.,!?:;'\"()-\n";
        for (var i = 0; i < letters.Length; i++)
        {
            yield return (letters[i].ToString(), -2f - (i * .01f), TokenType.Normal);
        }

        foreach (var (i, word) in Words.Split(' ').Distinct().Index())
        {
            yield return ("\u2581" + word, -3f - (i * .001f), TokenType.Normal);
        }
    }

    private void WriteTo(string path)
    {
        var vocabulary = Vocabulary().ToList();
        WriteMetadata(vocabulary);
        WriteTensors(vocabulary.Count);

        using var file = new BinaryWriter(File.Create(path));
        file.Write("GGUF"u8);
        file.Write(3u);
        file.Write((ulong)_tensorCount);
        file.Write((ulong)_metaCount);
        file.Write(_meta.ToArray());
        file.Write(_tensors.ToArray());
        Pad(file.BaseStream);
        file.Write(_data.ToArray());
    }

    private void WriteMetadata(List<(string Text, float Score, TokenType Type)> vocabulary)
    {
        Text("general.architecture", "llama");
        Text("general.name", "jan-random-tiny");
        Number("general.file_type", 0);
        Number("general.alignment", Alignment);
        Number("llama.block_count", Layers);
        Number("llama.context_length", Context);
        Number("llama.embedding_length", Width);
        Number("llama.feed_forward_length", FeedForward);
        Number("llama.attention.head_count", Heads);
        Number("llama.attention.head_count_kv", Heads);
        Value("llama.attention.layer_norm_rms_epsilon", 6, w => w.Write(1e-5f));
        Number("llama.rope.dimension_count", Width / Heads);
        Number("llama.vocab_size", vocabulary.Count);
        Text("tokenizer.ggml.model", "llama");
        Array("tokenizer.ggml.tokens", 8, vocabulary, (w, token) => String(w, token.Text));
        Array("tokenizer.ggml.scores", 6, vocabulary, (w, token) => w.Write(token.Score));
        Array("tokenizer.ggml.token_type", 5, vocabulary, (w, token) => w.Write((int)token.Type));
        Number("tokenizer.ggml.bos_token_id", 1);
        Number("tokenizer.ggml.eos_token_id", EndOfTurn);
        Number("tokenizer.ggml.unknown_token_id", 0);
        Value("tokenizer.ggml.add_bos_token", 7, w => w.Write(true));
        Value("tokenizer.ggml.add_space_prefix", 7, w => w.Write(true));
        Text("tokenizer.chat_template", Template);
    }

    private void WriteTensors(int vocabulary)
    {
        Tensor("token_embd.weight", Width, vocabulary);
        Tensor("output_norm.weight", Width);
        Tensor("output.weight", Width, vocabulary);
        for (var layer = 0; layer < Layers; layer++)
        {
            var prefix = $"blk.{layer}.";
            Tensor(prefix + "attn_norm.weight", Width);
            Tensor(prefix + "attn_q.weight", Width, Width);
            Tensor(prefix + "attn_k.weight", Width, Width);
            Tensor(prefix + "attn_v.weight", Width, Width);
            Tensor(prefix + "attn_output.weight", Width, Width);
            Tensor(prefix + "ffn_norm.weight", Width);
            Tensor(prefix + "ffn_gate.weight", Width, FeedForward);
            Tensor(prefix + "ffn_up.weight", Width, FeedForward);
            Tensor(prefix + "ffn_down.weight", FeedForward, Width);
        }
    }

    private void Tensor(string name, params int[] shape)
    {
        using var info = new BinaryWriter(_tensors, Encoding.UTF8, leaveOpen: true);
        String(info, name);
        info.Write((uint)shape.Length);
        foreach (var dimension in shape)
        {
            info.Write((ulong)dimension);
        }

        info.Write(0u);
        info.Write((ulong)_data.Length);
        _tensorCount++;

        using var data = new BinaryWriter(_data, Encoding.UTF8, leaveOpen: true);
        var spread = (name == "output.weight" ? 2 : 0.6) / Math.Sqrt(shape[0]);
        var count = shape.Aggregate(1, (product, dimension) => product * dimension);
        for (var i = 0; i < count; i++)
        {
            data.Write(shape.Length == 1 ? 1f : (float)(Gaussian() * spread));
        }

        Pad(_data);
    }

    private double Gaussian() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    private void Text(string key, string value) => Value(key, 8, w => String(w, value));

    private void Number(string key, int value) => Value(key, 4, w => w.Write((uint)value));

    private void Array<T>(string key, uint elementType, IReadOnlyCollection<T> values, Action<BinaryWriter, T> write) => Value(key, 9, w =>
    {
        w.Write(elementType);
        w.Write((ulong)values.Count);
        foreach (var value in values)
        {
            write(w, value);
        }
    });

    private void Value(string key, uint type, Action<BinaryWriter> write)
    {
        using var writer = new BinaryWriter(_meta, Encoding.UTF8, leaveOpen: true);
        String(writer, key);
        writer.Write(type);
        write(writer);
        _metaCount++;
    }

    private static void String(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private static void Pad(Stream stream)
    {
        while (stream.Length % Alignment != 0)
        {
            stream.WriteByte(0);
        }
    }
}
