namespace Aspire.Hosting.Local.Postgres;

/// <summary>PostgreSQL could not be found, prepared or started. The message says what to do.</summary>
internal sealed class EmbeddedPostgresException(string message) : Exception(message);
