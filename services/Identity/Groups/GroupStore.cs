using System.Text.Json;
using JanServer.Identity.Realms;
using JanServer.Identity.Users;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace JanServer.Identity.Groups;

/// <summary>The tables groups and group_members.</summary>
internal sealed class GroupStore(IdentityDbContext db)
{
    public Task<List<Group>> ListAsync(string? search, bool exact, int offset, int take, CancellationToken ct) =>
        Matching(search, exact).OrderBy(group => group.Name).Skip(offset).Take(take).ToListAsync(ct);

    public Task<int> CountAsync(string? search, CancellationToken ct) => Matching(search, exact: false).CountAsync(ct);

    public Task<Group?> FindAsync(Guid id, CancellationToken ct) => db.Groups.FirstOrDefaultAsync(group => group.Id == id, ct);

    /// <summary>False when the name is taken.</summary>
    public async Task<bool> AddAsync(Group group, CancellationToken ct)
    {
        var attributes = Json(group.Attributes);
        return await db.Database.ExecuteSqlAsync(
            $"INSERT INTO groups (id, name, attributes) VALUES ({group.Id}, {group.Name}, {attributes}::jsonb) ON CONFLICT DO NOTHING", ct) == 1;
    }

    /// <summary>False when the name is taken.</summary>
    public async Task<bool> UpdateAsync(Group group, CancellationToken ct)
    {
        var attributes = Json(group.Attributes);
        try
        {
            await db.Database.ExecuteSqlAsync(
                $"UPDATE groups SET name = {group.Name}, attributes = {attributes}::jsonb WHERE id = {group.Id}", ct);
            return true;
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return false;
        }
    }

    public async Task<bool> RemoveAsync(Guid id, CancellationToken ct) =>
        await db.Groups.Where(group => group.Id == id).ExecuteDeleteAsync(ct) == 1;

    public Task<List<User>> ListMembersAsync(Guid id, int offset, int take, CancellationToken ct) =>
        (from member in db.GroupMembers
         where member.GroupId == id
         join user in db.Users on member.UserId equals user.Id
         where user.Realm == Realm.Jan
         orderby user.UserName
         select user).Skip(offset).Take(take).ToListAsync(ct);

    public Task JoinAsync(Guid group, Guid user, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"INSERT INTO group_members (group_id, user_id) VALUES ({group}, {user}) ON CONFLICT DO NOTHING", ct);

    public Task LeaveAsync(Guid group, Guid user, CancellationToken ct) =>
        db.GroupMembers.Where(member => member.GroupId == group && member.UserId == user).ExecuteDeleteAsync(ct);

    private IQueryable<Group> Matching(string? search, bool exact) => search switch
    {
        null or "" => db.Groups,
        _ when exact => db.Groups.Where(group => group.Name == search),
        _ => db.Groups.Where(group => EF.Functions.ILike(group.Name, LikePattern.Containing(search), LikePattern.Escape)),
    };

    private static string Json(Dictionary<string, List<string>> attributes) =>
        JsonSerializer.Serialize(attributes, IdentityJson.Default.DictionaryStringListString);
}
