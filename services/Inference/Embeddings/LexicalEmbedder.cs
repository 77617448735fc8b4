using System.Text;
using JanServer.Inference.Demo;

namespace JanServer.Inference.Embeddings;

/// <summary>
/// Embeds text by feature hashing: words, word pairs and character trigrams each add a signed weight to one dimension, and the
/// vector is scaled to length 1. Nothing is trained, so only texts that share words or parts of words are near each other.
/// </summary>
internal static class LexicalEmbedder
{
    public const int DefaultDimensions = 384;
    public const int MaxDimensions = 4096;

    private const float WordWeight = 1f;
    private const float PairWeight = 0.5f;
    private const float TrigramWeight = 0.35f;

    public static float[] Embed(string text, int dimensions)
    {
        var vector = new float[dimensions];
        var words = Words(text);
        for (var i = 0; i < words.Count; i++)
        {
            var weight = CommonWords.Contains(words[i]) ? 0.2f : 1f;
            Add(vector, 'w', words[i], WordWeight * weight);
            if (i > 0)
            {
                Add(vector, 'p', $"{words[i - 1]} {words[i]}", PairWeight * weight);
            }

            var padded = $"<{words[i]}>";
            for (var at = 0; at + 3 <= padded.Length; at++)
            {
                Add(vector, 't', padded.AsSpan(at, 3), TrigramWeight * weight);
            }
        }

        return Normalize(vector);
    }

    /// <summary>Token numbers of a foreign tokenizer cannot be turned back into text: each number is taken as a word.</summary>
    public static float[] Embed(IReadOnlyList<int> tokens, int dimensions)
    {
        var vector = new float[dimensions];
        for (var i = 0; i < tokens.Count; i++)
        {
            Add(vector, '#', string.Create(null, $"{tokens[i]}"), WordWeight);
            if (i > 0)
            {
                Add(vector, '#', string.Create(null, $"{tokens[i - 1]} {tokens[i]}"), PairWeight);
            }
        }

        return Normalize(vector);
    }

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in text.Normalize(NormalizationForm.FormKC).ToLowerInvariant().EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                word.Append(rune);
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        if (word.Length > 0)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    private static void Add(Span<float> vector, char kind, ReadOnlySpan<char> feature, float weight)
    {
        var hash = Hash(kind, feature);
        vector[(int)(hash % (ulong)vector.Length)] += (hash >> 63) == 0 ? weight : -weight;
    }

    /// <summary>FNV-1a over the UTF-16 units, mixed once more because the index takes the low bits and the sign the highest.</summary>
    private static ulong Hash(char kind, ReadOnlySpan<char> feature)
    {
        var hash = (14695981039346656037ul ^ kind) * 1099511628211ul;
        foreach (var c in feature)
        {
            hash = (hash ^ c) * 1099511628211ul;
        }

        hash ^= hash >> 32;
        hash *= 0x9E3779B97F4A7C15ul;
        return hash ^ (hash >> 29);
    }

    /// <summary>Text without a word still gets a unit vector, so that a cosine is always defined.</summary>
    private static float[] Normalize(float[] vector)
    {
        var length = MathF.Sqrt(Dot(vector));
        if (length == 0)
        {
            vector[0] = 1;
            return vector;
        }

        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] /= length;
        }

        return vector;
    }

    private static float Dot(float[] vector)
    {
        var sum = 0f;
        foreach (var value in vector)
        {
            sum += value * value;
        }

        return sum;
    }
}
