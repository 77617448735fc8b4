namespace JanServer.Data.Schema;

/// <summary>One numbered step of a service's schema.</summary>
/// <param name="Number">Its place, from 1.</param>
/// <param name="Name">What it does.</param>
/// <param name="Sql">The statements.</param>
/// <param name="Checksum">SHA-256 of the statements, in lower-case hex.</param>
/// <param name="InTransaction">False for the one statement of a file that begins with <c>-- no-transaction</c>.</param>
internal sealed record Migration(int Number, string Name, string Sql, string Checksum, bool InTransaction);
