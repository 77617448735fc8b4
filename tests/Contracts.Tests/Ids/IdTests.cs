using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;

namespace JanServer.Contracts.Tests.Ids;

public sealed class IdTests
{
    [Fact]
    public void An_id_survives_the_way_out_and_back()
    {
        for (var i = 0; i < 1000; i++)
        {
            var id = Id<UserRef>.New(TimeProvider.System);
            Assert.Equal(id, Id<UserRef>.Parse(id.ToString()));
            Assert.Matches("^user_[0-7][0-9a-v]{25}$", id.ToString());
        }
    }

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000001", "user_00000000000000000000000001")]
    [InlineData("ffffffff-ffff-ffff-ffff-ffffffffffff", "user_7vvvvvvvvvvvvvvvvvvvvvvvvv")]
    [InlineData("01890a5d-ac96-774b-bcce-b302099a8057", "user_01h455rb4met5rpjlj084pl02n")]
    public void The_text_is_the_uuid_in_base32(string uuid, string text)
    {
        // The value of a fixed UUID must never change: it is in clients' databases.
        var id = new Id<UserRef>(Guid.Parse(uuid));
        Assert.Equal(text, id.ToString());
        Assert.Equal(id, Id<UserRef>.Parse(text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("user_")]
    [InlineData("org_00000000000000000000000001")]
    [InlineData("user-00000000000000000000000001")]
    [InlineData("user_0000000000000000000000001")]
    [InlineData("user_000000000000000000000000010")]
    [InlineData("user_80000000000000000000000000")]
    [InlineData("user_0000000000000000000000000w")]
    [InlineData("user_0000000000000000000000000A")]
    [InlineData("user_ 0000000000000000000000001")]
    [InlineData("USER_00000000000000000000000001")]
    public void What_is_no_id_becomes_none(string? text)
    {
        Assert.True(Id<UserRef>.TryParse(text, null, out var id));
        Assert.True(id.IsNone);
    }

    [Fact]
    public void Text_and_value_sort_alike()
    {
        var random = new Random(7);
        var ids = Enumerable.Range(0, 500).Select(_ => new Id<UserRef>(RandomGuid(random))).ToList();

        var byValue = ids.Order().ToList();
        var byText = ids.OrderBy(id => id.ToString(), StringComparer.Ordinal).ToList();

        Assert.Equal(byValue, byText);
        Assert.True(byValue[0] < byValue[^1] && byValue[^1] > byValue[0] && byValue[0] <= byValue[1] && byValue[1] >= byValue[0]);
    }

    [Fact]
    public void Json_carries_the_text()
    {
        var id = Id<UserRef>.New(TimeProvider.System);
        var json = JsonSerializer.Serialize(id);
        Assert.Equal($"\"{id}\"", json);
        Assert.Equal(id, JsonSerializer.Deserialize<Id<UserRef>>(json));
        Assert.True(JsonSerializer.Deserialize<Id<UserRef>>("\"nonsense\"").IsNone);
    }

    private static Guid RandomGuid(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new(bytes, bigEndian: true);
    }
}
