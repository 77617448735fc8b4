using System.Reflection;
using System.Runtime.InteropServices;

namespace JanServer.AppHost.Tests.Llama;

/// <summary>
/// The functions of llama.cpp (v0.5.0) that the tests call. Parameter structs are passed as opaque blobs of 512 bytes, which the
/// x64 System V convention copies whole, so that no layout of that version is written down here but the few integers named below.
/// </summary>
internal static unsafe partial class LlamaNative
{
    public const string Version = "v0.5.0";

    private static string? _folder;

    public static void LoadFrom(string folder)
    {
        if (Interlocked.CompareExchange(ref _folder, folder, null) is null)
        {
            NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), (name, _, _) => name switch
            {
                "llama" or "ggml" => NativeLibrary.Load(Path.Combine(_folder, $"lib{name}.{Version}.so")),
                _ => 0,
            });
            llama_log_set((nint)(delegate* unmanaged<int, byte*, void*, void>)&Quiet, 0);
            llama_backend_init();
            ggml_backend_load_all_from_path(folder);
        }
    }

    [UnmanagedCallersOnly]
    private static void Quiet(int level, byte* text, void* user)
    {
        _ = (level, (nint)text, (nint)user);
    }

    [DllImport("llama")]
    private static extern void llama_backend_init();

    [DllImport("llama")]
    private static extern void llama_log_set(nint callback, nint user);

    [LibraryImport("ggml", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void ggml_backend_load_all_from_path(string folder);

    [DllImport("llama")]
    public static extern Blob llama_model_default_params();

    [DllImport("llama")]
    public static extern Blob llama_context_default_params();

    [DllImport("llama")]
    public static extern nint llama_model_load_from_file(byte* path, Blob parameters);

    [DllImport("llama")]
    public static extern nint llama_init_from_model(nint model, Blob parameters);

    [DllImport("llama")]
    public static extern nint llama_model_get_vocab(nint model);

    [DllImport("llama")]
    public static extern int llama_tokenize(nint vocabulary, byte* text, int length, int* tokens, int max, byte addSpecial, byte parseSpecial);

    [DllImport("llama")]
    public static extern int llama_token_to_piece(nint vocabulary, int token, byte* buffer, int length, int strip, byte special);

    [DllImport("llama")]
    public static extern Batch llama_batch_get_one(int* tokens, int count);

    [DllImport("llama")]
    public static extern int llama_decode(nint context, Batch batch);

    [DllImport("llama")]
    public static extern byte llama_sampler_chain_default_params();

    [DllImport("llama")]
    public static extern nint llama_sampler_chain_init(byte parameters);

    [DllImport("llama")]
    public static extern void llama_sampler_chain_add(nint chain, nint sampler);

    [DllImport("llama")]
    public static extern nint llama_sampler_init_temp(float temperature);

    [DllImport("llama")]
    public static extern nint llama_sampler_init_dist(uint seed);

    [DllImport("llama")]
    public static extern int llama_sampler_sample(nint chain, nint context, int index);

    [DllImport("llama")]
    public static extern void llama_sampler_free(nint chain);

    [DllImport("llama")]
    public static extern byte llama_vocab_is_eog(nint vocabulary, int token);

    [DllImport("llama")]
    public static extern void llama_free(nint context);

    [DllImport("llama")]
    public static extern void llama_model_free(nint model);

    [StructLayout(LayoutKind.Sequential, Size = 512)]
    public struct Blob
    {
        public long First;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Batch
    {
        public int Count;
        public nint Tokens;
        public nint Embeddings;
        public nint Positions;
        public nint SequenceCounts;
        public nint SequenceIds;
        public nint Logits;
    }
}
