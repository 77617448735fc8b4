namespace JanServer.DatabaseSetup.Schemas;

/// <summary>The setup cannot be done as configured; the message says what to change.</summary>
internal sealed class SetupException(string message) : Exception(message);
