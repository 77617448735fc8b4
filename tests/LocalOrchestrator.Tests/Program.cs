using JanServer.LocalOrchestrator.Tests.Postgres;
using JanServer.LocalOrchestrator.Tests.Processes;

return args switch
{
    ["service", .. var rest] => await TestService.RunAsync(rest),
    ["apphost", .. var rest] => await TestAppHost.RunAsync(rest),
    ["postgres", var dataDirectory] => await PostgresDriver.RunAsync(dataDirectory),
    _ => 2,
};
