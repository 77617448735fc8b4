using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using JanServer.ServiceDefaults.Auth.Jwt;

namespace JanServer.ServiceDefaults.Tests.Auth.Jwt;

public sealed class KeySetTests
{
    private static readonly byte[] Data = "signed"u8.ToArray();

    // RFC 7515 appendix A.1.
    private const string Rfc7515HmacKey =
        """{"keys":[{"kty":"oct","alg":"HS256","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}]}""";

    private const string Rfc7515HmacText =
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    // RFC 7515 appendix A.3.
    private const string Rfc7515EcKey =
        """{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}""";

    private const string Rfc7515EcText =
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    [Theory]
    [InlineData(Rfc7515HmacKey, "HS256", Rfc7515HmacText, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")]
    [InlineData(
        Rfc7515EcKey,
        "ES256",
        Rfc7515EcText,
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")]
    public void The_signatures_of_RFC_7515_verify(string keys, string algorithm, string text, string signature)
    {
        var key = Single(keys);
        var bytes = Base64Url.DecodeFromChars(signature);
        Assert.True(JwtAlgorithms.TryParse(algorithm, out var parsed));

        Assert.True(key.Allows(parsed));
        Assert.True(key.Verify(parsed, Encoding.ASCII.GetBytes(text), bytes));

        bytes[3] ^= 1;
        Assert.False(key.Verify(parsed, Encoding.ASCII.GetBytes(text), bytes));
    }

    [Theory]
    [InlineData(nameof(JwtAlgorithm.RS256), "SHA256", false)]
    [InlineData(nameof(JwtAlgorithm.RS384), "SHA384", false)]
    [InlineData(nameof(JwtAlgorithm.RS512), "SHA512", false)]
    [InlineData(nameof(JwtAlgorithm.PS256), "SHA256", true)]
    [InlineData(nameof(JwtAlgorithm.PS384), "SHA384", true)]
    [InlineData(nameof(JwtAlgorithm.PS512), "SHA512", true)]
    public void Every_RSA_algorithm_verifies_its_own_signatures_only(string name, string hash, bool pss)
    {
        using var rsa = RSA.Create(2048);
        var key = Single(Set(TestToken.Jwk(rsa, "k", null)));
        var algorithm = Enum.Parse<JwtAlgorithm>(name);
        var signature = rsa.SignData(Data, new HashAlgorithmName(hash), pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);

        foreach (var other in Enum.GetValues<JwtAlgorithm>().Where(key.Allows))
        {
            Assert.Equal(other == algorithm, key.Verify(other, Data, signature));
        }
    }

    [Theory]
    [InlineData("P-256", "1.2.840.10045.3.1.7", nameof(JwtAlgorithm.ES256), "SHA256")]
    [InlineData("P-384", "1.3.132.0.34", nameof(JwtAlgorithm.ES384), "SHA384")]
    [InlineData("P-521", "1.3.132.0.35", nameof(JwtAlgorithm.ES512), "SHA512")]
    public void An_elliptic_curve_signature_is_two_numbers_and_not_ASN1(string curve, string oid, string name, string hash)
    {
        using var ecdsa = ECDsa.Create(ECCurve.CreateFromValue(oid));
        var key = Single(Set(TestToken.Jwk(ecdsa, "k", curve)));
        var algorithm = Enum.Parse<JwtAlgorithm>(name);
        var hashName = new HashAlgorithmName(hash);

        Assert.Equal([algorithm], Enum.GetValues<JwtAlgorithm>().Where(key.Allows));
        Assert.True(key.Verify(algorithm, Data, ecdsa.SignData(Data, hashName, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)));
        Assert.False(key.Verify(algorithm, Data, ecdsa.SignData(Data, hashName, DSASignatureFormat.Rfc3279DerSequence)));
        Assert.False(key.Verify(algorithm, Data, []));
    }

    [Fact]
    public void A_key_that_names_its_algorithm_is_for_no_other()
    {
        using var rsa = RSA.Create(2048);
        var key = Single(Set(TestToken.Jwk(rsa, "k", "PS256")));

        Assert.Equal([JwtAlgorithm.PS256], Enum.GetValues<JwtAlgorithm>().Where(key.Allows));
    }

    [Fact]
    public void Keys_that_cannot_be_used_are_skipped()
    {
        using var small = RSA.Create(1024);
        using var rsa = RSA.Create(2048);
        var encryption = TestToken.Jwk(rsa, "enc", null);
        encryption["use"] = "enc";
        var signing = TestToken.Jwk(rsa, "sign", null);
        signing["key_ops"] = new JsonArray("sign");
        var wrapped = TestToken.Jwk(rsa, "wrapped", "RSA-OAEP");
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var offCurve = TestToken.Jwk(ecdsa, "off", "P-256");
        offCurve["x"] = Base64Url.EncodeToString(new byte[32]);
        var shortSecret = new JsonObject { ["kty"] = "oct", ["alg"] = "HS512", ["k"] = Base64Url.EncodeToString(new byte[32]) };
        var broken = TestToken.Jwk(rsa, "broken", null);
        broken["n"] = "***";
        var good = TestToken.Jwk(rsa, "good", null);

        Assert.True(KeySet.TryParse(
            Bytes(Set(TestToken.Jwk(small, "small", null), encryption, signing, wrapped, offCurve, shortSecret, broken, good)),
            secrets: true,
            out var set));

        Assert.Equal("good", Assert.Single(set.Find(null)).Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("""{"keys":[],"keys":[]}""")]
    public void What_is_not_a_key_set_is_refused(string json) =>
        Assert.False(KeySet.TryParse(Bytes(json), secrets: false, out _));

    private static VerificationKey Single(string json)
    {
        Assert.True(KeySet.TryParse(Bytes(json), secrets: true, out var set));
        return Assert.Single(set.Find(null));
    }

    private static string Set(params JsonObject[] keys) => new JsonObject { ["keys"] = new JsonArray([.. keys]) }.ToJsonString();

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
