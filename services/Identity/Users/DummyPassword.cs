using JanServer.Identity.Realms;
using JanServer.Identity.Tokens;
using Microsoft.AspNetCore.Identity;

namespace JanServer.Identity.Users;

/// <summary>A hash that no password fits, to spend on accounts that do not exist the time that existing ones take.</summary>
internal sealed class DummyPassword
{
    public DummyPassword(IPasswordHasher<User> hasher) => Hash = hasher.HashPassword(User, Base64UrlText.Random());

    public User User { get; } = new() { Realm = Realm.Jan };

    public string Hash { get; }
}
