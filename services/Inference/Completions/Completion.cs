using JanServer.Contracts.Ids;

namespace JanServer.Inference.Completions;

/// <summary>Marks the id of a text completion: <c>cmpl_…</c>.</summary>
internal abstract class Completion : IIdentified
{
    public static string IdPrefix => "cmpl";
}
