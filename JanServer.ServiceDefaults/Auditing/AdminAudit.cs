using JanServer.Contracts.Accounts;
using JanServer.ServiceDefaults.Resilience;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.ServiceDefaults.Auditing;

/// <summary>Reports what administrators do at a service to the audit log, which accounts keeps.</summary>
public static class AdminAudit
{
    /// <summary>Registers what sends the reports.</summary>
    public static IServiceCollection AddAdminAudit(this IServiceCollection services)
    {
        services.AddServiceClient<AccountsClient>("accounts");
        services.AddSingleton<AuditReports>();
        return services.AddHostedService(provider => provider.GetRequiredService<AuditReports>());
    }

    /// <summary>
    /// Reports every write below <c>/v1/admin</c> that an administrator is let through to, whatever becomes of it. Bodies are no part
    /// of a report: some hold the keys of providers.
    /// </summary>
    public static WebApplication UseAdminAudit(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseMiddleware<AdminAuditMiddleware>();
        return app;
    }
}
