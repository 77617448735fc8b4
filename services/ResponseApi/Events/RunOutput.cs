using System.Text.Json;
using JanServer.ResponseApi.Runs;

namespace JanServer.ResponseApi.Events;

/// <summary>The finished items of a run, in the order of their places in the stream, whichever ended first. Used by one thread at a time.</summary>
internal sealed class RunOutput(RunProgress progress)
{
    // Those that an earlier run finished come before all that are finished here.
    private readonly List<int> _places = [.. Enumerable.Repeat(-1, progress.Output.Count)];

    public void Add(int index, JsonElement item)
    {
        var at = _places.Count;
        while (at > 0 && _places[at - 1] > index)
        {
            at--;
        }

        _places.Insert(at, index);
        progress.Output.Insert(at, item);
    }
}
