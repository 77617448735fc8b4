using JanServer.ResponseApi.Items;

namespace JanServer.ResponseApi.Runs;

/// <summary>All that the model is shown of a response: what came before, the input, and what the response itself has done so far.</summary>
internal static class RunItems
{
    public static List<ContextItem> Of(Response response)
    {
        var items = new List<ContextItem>(response.Context.Count + response.Input.Count + 16);
        items.AddRange(response.Context);
        items.AddRange(response.Input);
        var begin = items.Count;
        AddProgress(items, response.Progress);
        SortCalls(items, begin);
        return items;
    }

    /// <summary>Output items with the calls that they show; calls without an item (refused, or of no known function) where they were made.</summary>
    private static void AddProgress(List<ContextItem> items, RunProgress progress)
    {
        var byItem = progress.Executions.ToDictionary(execution => execution.ItemId, StringComparer.Ordinal);
        var shown = progress.Output.Select(item => item.Text("id")).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var unshown = new Queue<ToolExecution>(progress.Executions.Where(execution => !shown.Contains(execution.ItemId)));
        for (var i = 0; i < progress.Output.Count; i++)
        {
            while (unshown.TryPeek(out var next) && next.OutputsBefore <= i)
            {
                items.Add(new(default, unshown.Dequeue()));
            }

            items.Add(new(progress.Output[i], byItem.GetValueOrDefault(progress.Output[i].Text("id") ?? "")));
        }

        foreach (var execution in unshown)
        {
            items.Add(new(default, execution));
        }
    }

    /// <summary>Puts the calls of one model call, which stand together, into the order in which the model made them.</summary>
    private static void SortCalls(List<ContextItem> items, int begin)
    {
        while (begin < items.Count)
        {
            var end = begin + 1;
            if (items[begin].Execution is { } first)
            {
                while (end < items.Count && items[end].Execution is { } next && next.ModelCall == first.ModelCall)
                {
                    end++;
                }

                items.Sort(begin, end - begin, ByOrder);
            }

            begin = end;
        }
    }

    private static readonly Comparer<ContextItem> ByOrder =
        Comparer<ContextItem>.Create(static (left, right) => left.Execution!.Order.CompareTo(right.Execution!.Order));
}
