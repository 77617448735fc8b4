using JanServer.ServiceDefaults.Auth;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Prompts;

/// <summary>Prompt <c>research</c>: has a model answer a question from the web with the tools of this server.</summary>
internal sealed class ResearchPrompt : IPromptSource
{
    private const string Name = "research";
    private const string Question = "question";

    private static readonly Prompt[] Prompts =
    [
        new()
        {
            Name = Name,
            Title = "Research a question",
            Description = "Answers a question from the web: searches, reads the best pages, and names its sources.",
            Arguments = [new() { Name = Question, Title = "Question", Description = "What you want to know.", Required = true }],
        },
    ];

    public ValueTask<IReadOnlyList<Prompt>> ListAsync(Caller caller, CancellationToken ct) => new(Prompts);

    public ValueTask<GetPromptResult?> GetAsync(PromptRequest request, CancellationToken ct) => new(request.Name != Name ? null : new GetPromptResult
    {
        Description = Prompts[0].Description,
        Messages =
        [
            new()
            {
                Role = Role.User,
                Content = new TextContentBlock
                {
                    Text = $"""
                        Answer this question: {request.Arguments[Question]}

                        Search the web with google_search, in two or three different wordings. Read the two to five most promising pages with
                        scrape before you rely on them; what a search result says of a page is not the page. Where sources disagree, say so.
                        Answer first, then the reasons, then the addresses of the pages that you used.
                        """,
                },
            },
        ],
    });

    public ValueTask<IReadOnlyList<string>?> CompleteAsync(Caller caller, string name, string argument, string value, CancellationToken ct) =>
        new(name == Name ? [] : null);
}
