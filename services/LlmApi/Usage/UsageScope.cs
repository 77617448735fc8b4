using JanServer.ServiceDefaults.Auth;

namespace JanServer.LlmApi.Usage;

/// <summary>Whose usage a request may see. There is no way to the tables but through one of these.</summary>
internal abstract class UsageScope
{
    private UsageScope()
    {
    }

    /// <summary>All there is. For administrators of the deployment.</summary>
    public static UsageScope Deployment { get; } = new Everyone();

    /// <summary>What the caller itself used, in the organization that its credential speaks for.</summary>
    public static UsageScope Own(Caller caller) => new OfUser(caller.OrganizationId.Value, caller.UserId.Value);

    /// <summary>
    /// What the caller's organization used. Every organization is one person's own, so whoever acts in it owns it; with
    /// organizations of several members this is the place that asks for the member's role.
    /// </summary>
    public static UsageScope Organization(Caller caller) => new OfOrganization(caller.OrganizationId.Value);

    public abstract IQueryable<UsageHour> Of(IQueryable<UsageHour> hours);

    public abstract IQueryable<UsageRow> Of(IQueryable<UsageRow> records);

    private sealed class OfUser(Guid organization, Guid user) : UsageScope
    {
        public override IQueryable<UsageHour> Of(IQueryable<UsageHour> hours) =>
            hours.Where(hour => hour.UserId == user && hour.OrganizationId == organization);

        public override IQueryable<UsageRow> Of(IQueryable<UsageRow> records) =>
            records.Where(record => record.UserId == user && record.OrganizationId == organization);
    }

    private sealed class OfOrganization(Guid organization) : UsageScope
    {
        public override IQueryable<UsageHour> Of(IQueryable<UsageHour> hours) => hours.Where(hour => hour.OrganizationId == organization);

        public override IQueryable<UsageRow> Of(IQueryable<UsageRow> records) =>
            records.Where(record => record.OrganizationId == organization);
    }

    private sealed class Everyone : UsageScope
    {
        public override IQueryable<UsageHour> Of(IQueryable<UsageHour> hours) => hours;

        public override IQueryable<UsageRow> Of(IQueryable<UsageRow> records) => records;
    }
}
