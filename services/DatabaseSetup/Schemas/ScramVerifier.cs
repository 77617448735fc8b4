using System.Security.Cryptography;
using System.Text;

namespace JanServer.DatabaseSetup.Schemas;

/// <summary>
/// What PostgreSQL stores for a password (RFC 5803). Computed here, so that the password itself is in no statement and
/// thus in no log of the server.
/// </summary>
internal static class ScramVerifier
{
    private const int Iterations = 4096;

    /// <param name="password">Printable ASCII, which SASLprep (RFC 4013) leaves as it is.</param>
    public static string Of(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(password), salt, Iterations, HashAlgorithmName.SHA256, 32);
        var storedKey = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(storedKey)}:{Convert.ToBase64String(serverKey)}";
    }
}
