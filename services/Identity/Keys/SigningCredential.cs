using System.Security.Cryptography;

namespace JanServer.Identity.Keys;

/// <summary>A key that is ready to sign and verify RS256.</summary>
internal sealed class SigningCredential(string kid, bool isActive, RSA rsa) : IDisposable
{
    private readonly Lock _lock = new();

    public string Kid => kid;

    public bool IsActive => isActive;

    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        lock (_lock)
        {
            return rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
    }

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        lock (_lock)
        {
            return rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
    }

    public void Dispose() => rsa.Dispose();
}
