using JanServer.LocalOrchestrator.Tests.Processes;

return args switch
{
    ["service", .. var rest] => await TestService.RunAsync(rest),
    ["apphost", .. var rest] => await TestAppHost.RunAsync(rest),
    _ => 2,
};
