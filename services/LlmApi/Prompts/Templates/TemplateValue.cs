namespace JanServer.LlmApi.Prompts.Templates;

/// <summary>What a variable of a template holds.</summary>
internal abstract record TemplateValue
{
    /// <summary>What <c>if</c> goes by: an empty text, list or map is false.</summary>
    public abstract bool IsTrue { get; }

    public static implicit operator TemplateValue(string text) => new Text(text);

    public static implicit operator TemplateValue(bool flag) => new Flag(flag);

    public sealed record Text(string Value) : TemplateValue
    {
        public override bool IsTrue => Value.Length > 0;
    }

    public sealed record Flag(bool Value) : TemplateValue
    {
        public override bool IsTrue => Value;
    }

    public sealed record List(IReadOnlyList<TemplateValue> Items) : TemplateValue
    {
        public override bool IsTrue => Items.Count > 0;
    }

    public sealed record Map(IReadOnlyDictionary<string, TemplateValue> Members) : TemplateValue
    {
        public override bool IsTrue => Members.Count > 0;
    }
}
