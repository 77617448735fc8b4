using System.Text.Json.Serialization;

namespace JanServer.LlmApi.Projects;

/// <summary>Makes a folder of conversations.</summary>
/// <param name="Name">1 to 120 characters without the space around them, and unique among the caller's folders.</param>
/// <param name="Instruction">What the model is told in every conversation of the folder: up to 32,768 characters.</param>
public sealed record CreateProject(string? Name, string? Instruction = null);

/// <summary>Changes a folder of conversations; what is absent stays.</summary>
public sealed record UpdateProject
{
    /// <summary>A new name.</summary>
    public string? Name { get; set; }

    /// <summary>A new instruction; null or blank removes the one there is.</summary>
    public string? Instruction
    {
        get;
        set
        {
            field = value;
            HasInstruction = true;
        }
    }

    /// <summary>Whether it is put away.</summary>
    public bool? IsArchived { get; set; }

    /// <summary>Whether it is one of the caller's favorites.</summary>
    public bool? IsFavorite { get; set; }

    /// <summary>Whether the request names an instruction, which may be null.</summary>
    [JsonIgnore]
    public bool HasInstruction { get; private set; }
}

/// <summary>A folder of conversations.</summary>
/// <param name="Id"><c>proj_…</c>.</param>
/// <param name="Name">What the user calls it.</param>
/// <param name="Instruction">What the model is told in every conversation of the folder.</param>
/// <param name="IsFavorite">Whether it is one of the caller's favorites.</param>
/// <param name="IsArchived">Whether it is put away.</param>
/// <param name="ArchivedAt">When it was put away, in Unix seconds.</param>
/// <param name="CreatedAt">Unix seconds.</param>
/// <param name="UpdatedAt">Unix seconds; lists are sorted by it.</param>
public sealed record ProjectResource(
    string Id,
    string Name,
    string? Instruction,
    bool IsFavorite,
    bool IsArchived,
    long? ArchivedAt,
    long CreatedAt,
    long UpdatedAt)
{
    /// <summary>Always <c>project</c>.</summary>
    public string Object => "project";

    internal static ProjectResource From(ConversationProject project) => new(
        project.Id.ToString(),
        project.Name,
        project.Instruction,
        project.IsFavorite,
        project.ArchivedAt is not null,
        project.ArchivedAt?.ToUnixTimeSeconds(),
        project.CreatedAt.ToUnixTimeSeconds(),
        project.UpdatedAt.ToUnixTimeSeconds());
}

/// <summary>Which folders to list.</summary>
public sealed record ProjectFilter
{
    /// <summary>Only those that are put away, or only those that are not.</summary>
    public bool? Archived { get; init; }

    /// <summary>Only the caller's favorites, or only the others.</summary>
    public bool? Favorite { get; init; }
}

/// <summary>Says that a folder is gone. Its conversations are not: they lie in no folder now.</summary>
/// <param name="Id">The folder's id.</param>
public sealed record ProjectDeleted(string Id)
{
    /// <summary>Always <c>project</c>.</summary>
    public string Object => "project";

    /// <summary>Always true.</summary>
    public bool Deleted => true;
}
