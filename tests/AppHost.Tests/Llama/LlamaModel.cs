using System.Text;

namespace JanServer.AppHost.Tests.Llama;

/// <summary>A loaded GGUF: prompt in, text out, one token at a time. Not thread-safe; the server runs one request at a time.</summary>
internal sealed unsafe class LlamaModel : IDisposable
{
    private const int ContextLength = 1024;
    private const int DefaultThreads = 4;

    private readonly nint _model;
    private readonly nint _vocabulary;

    public LlamaModel(string libraries, string gguf)
    {
        LlamaNative.LoadFrom(libraries);
        fixed (byte* path = Encoding.UTF8.GetBytes(gguf + '\0'))
        {
            _model = LlamaNative.llama_model_load_from_file(path, LlamaNative.llama_model_default_params());
        }

        if (_model == 0)
        {
            throw new InvalidOperationException("llama.cpp cannot load the model.");
        }

        _vocabulary = LlamaNative.llama_model_get_vocab(_model);
    }

    public int[] Tokenize(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var tokens = new int[utf8.Length + 8];
        fixed (byte* bytes = utf8)
        fixed (int* output = tokens)
        {
            var count = LlamaNative.llama_tokenize(_vocabulary, bytes, utf8.Length, output, tokens.Length, addSpecial: 1, parseSpecial: 1);
            return count >= 0 ? tokens[..count] : throw new InvalidOperationException("The prompt does not fit.");
        }
    }

    /// <summary>Generates up to <paramref name="max"/> pieces of text; a piece may be empty while a character is incomplete.</summary>
    public IEnumerable<string> Generate(int[] prompt, int max, float temperature, uint seed)
    {
        var context = NewContext();
        var sampler = NewSampler(temperature, seed);
        var decoder = Encoding.UTF8.GetDecoder();
        try
        {
            Decode(context, prompt);
            for (var i = 0; i < max; i++)
            {
                var token = LlamaNative.llama_sampler_sample(sampler, context, -1);
                if (LlamaNative.llama_vocab_is_eog(_vocabulary, token) != 0)
                {
                    yield break;
                }

                yield return Piece(decoder, token);
                Decode(context, [token]);
            }
        }
        finally
        {
            LlamaNative.llama_sampler_free(sampler);
            LlamaNative.llama_free(context);
        }
    }

    public void Dispose() => LlamaNative.llama_model_free(_model);

    private nint NewContext()
    {
        var parameters = LlamaNative.llama_context_default_params();
        var numbers = (int*)&parameters;
        numbers[0] = ContextLength;

        // The two thread counts follow a few integers later; on a small shared machine more than one thread only spins.
        for (var i = 4; i < 8; i++)
        {
            if (numbers[i] == DefaultThreads)
            {
                numbers[i] = 1;
            }
        }

        var context = LlamaNative.llama_init_from_model(_model, parameters);
        return context != 0 ? context : throw new InvalidOperationException("llama.cpp cannot make a context.");
    }

    private static nint NewSampler(float temperature, uint seed)
    {
        var chain = LlamaNative.llama_sampler_chain_init(LlamaNative.llama_sampler_chain_default_params());
        LlamaNative.llama_sampler_chain_add(chain, LlamaNative.llama_sampler_init_temp(temperature));
        LlamaNative.llama_sampler_chain_add(chain, LlamaNative.llama_sampler_init_dist(seed));
        return chain;
    }

    private static void Decode(nint context, int[] tokens)
    {
        fixed (int* pointer = tokens)
        {
            if (LlamaNative.llama_decode(context, LlamaNative.llama_batch_get_one(pointer, tokens.Length)) != 0)
            {
                throw new InvalidOperationException("llama.cpp cannot decode.");
            }
        }
    }

    private string Piece(Decoder decoder, int token)
    {
        var bytes = stackalloc byte[64];
        var length = LlamaNative.llama_token_to_piece(_vocabulary, token, bytes, 64, 0, 0);
        var chars = stackalloc char[64];
        return new string(chars, 0, decoder.GetChars(bytes, Math.Max(0, length), chars, 64, flush: false));
    }
}
