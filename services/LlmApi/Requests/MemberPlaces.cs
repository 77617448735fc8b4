namespace JanServer.LlmApi.Requests;

/// <summary>Where the values of the known members of a request are, so that a stage that needs one finds it without another scan.</summary>
internal sealed class MemberPlaces
{
    private readonly List<(Member Member, ByteRange Value)> _places = new(8);

    public void Add(Member member, ByteRange value) => _places.Add((member, value));

    /// <summary>Where the member's value is, also when that is <c>null</c>; empty when the request has no such member.</summary>
    public ByteRange Find(Member member)
    {
        foreach (var (known, value) in _places)
        {
            if (known == member)
            {
                return value;
            }
        }

        return default;
    }

    /// <summary>Whether the request has the member and it is not <c>null</c>.</summary>
    public bool Has(Member member, ReadOnlySpan<byte> body)
    {
        var place = Find(member);
        return !place.IsEmpty && body[place.Start] != 'n';
    }
}
