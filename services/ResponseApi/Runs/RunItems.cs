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
        var output = progress.Output.Select(item => new ContextItem(item, byItem.GetValueOrDefault(item.Text("id") ?? ""))).ToList();
        var shown = output.Select(item => item.Execution?.ItemId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var unshown = progress.Executions.Where(execution => !shown.Contains(execution.ItemId)).ToLookup(execution => PlaceOf(execution, output));
        for (var i = 0; i <= output.Count; i++)
        {
            items.AddRange(unshown[i].Select(execution => new ContextItem(default, execution)));
            if (i < output.Count)
            {
                items.Add(output[i]);
            }
        }
    }

    private static int PlaceOf(ToolExecution execution, List<ContextItem> output) => Math.Max(
        Math.Min(execution.OutputsBefore, output.Count),
        output.FindLastIndex(item => item.Execution?.Order < execution.Order) + 1);

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
