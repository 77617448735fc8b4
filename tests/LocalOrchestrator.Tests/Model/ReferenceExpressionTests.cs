using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace JanServer.LocalOrchestrator.Tests.Model;

public sealed class ReferenceExpressionTests
{
    private readonly IDistributedApplicationTestingBuilder _builder = TestModel.New();

    [Fact]
    public async Task Holes_are_filled_when_it_runs_and_placeholders_when_it_is_published()
    {
        var name = _builder.AddParameter("name", "ann");
        var expression = ReferenceExpression.Create($"User={name};Role={"reader"}");

        Assert.Equal("User=ann;Role=reader", await expression.GetValueAsync());
        Assert.Equal("User={name.value};Role=reader", expression.ValueExpression);
    }

    [Fact]
    public async Task The_uri_format_encodes_each_part_also_inside_a_nested_expression()
    {
        var password = _builder.AddParameter("password", "a/b c", secret: true);
        var inner = ReferenceExpression.Create($"{password}");
        var expression = ReferenceExpression.Create($"db://{inner:uri}@{"h:1":uri}");

        Assert.Equal("db://a%2Fb%20c@h%3A1", await expression.GetValueAsync());
        Assert.Equal("db://{password-uri-encoded.value}@h%3A1", expression.ValueExpression);
    }

    [Fact]
    public void Literal_braces_are_doubled_where_single_ones_start_a_placeholder() =>
        Assert.Equal("{{\"a\":1}}", ReferenceExpression.Create($"{{\"a\":1}}").ValueExpression);

    [Fact]
    public async Task An_expression_over_an_endpoint_that_does_not_run_has_no_value()
    {
        var container = _builder.AddContainer("box", "box").WithHttpEndpoint(targetPort: 80);
        var expression = ReferenceExpression.Create($"{container.GetEndpoint("http")}/path");

        Assert.Null(await expression.GetValueAsync());
        Assert.Equal("{box.bindings.http.url}/path", expression.ValueExpression);
    }

    [Fact]
    public void An_unknown_format_is_refused_at_once()
    {
        var name = _builder.AddParameter("name", "ann");

        Assert.Throws<FormatException>(() => ReferenceExpression.Create($"{name:upper}"));
    }

    [Fact]
    public async Task A_builder_makes_the_same_expression_piece_by_piece()
    {
        var expression = new ReferenceExpressionBuilder();
        Assert.True(expression.IsEmpty);
        expression.AppendLiteral("key=");
        expression.AppendFormatted(_builder.AddParameter("key", "k 1").Resource, "uri");

        Assert.Equal("key=k%201", await expression.Build().GetValueAsync());
    }
}
