using JanServer.Contracts.Ids;
using JanServer.LlmApi.Providers;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Tests.Providers;

public class ProviderKeysTests
{
    private const string Old = "the-old-master-key-which-is-long-enough";
    private const string New = "the-new-master-key-which-is-long-enough";

    private static readonly Id<StoredProvider> Provider = Id<StoredProvider>.New(TimeProvider.System);

    [Fact]
    public void A_credential_comes_back_under_the_key_it_was_stored_under()
    {
        var (blob, keyId) = Keys(Old, "1").Encrypt(Provider, "sécret");
        Assert.Equal("sécret", Keys(Old, "1").Decrypt(Provider, blob, keyId));
        Assert.Equal("sécret", Keys(New, "2", Old, "1").Decrypt(Provider, blob, keyId));
        Assert.Null(Keys(New, "2").Decrypt(Provider, blob, keyId));
        Assert.Null(Keys(New, "1").Decrypt(Provider, blob, keyId));
    }

    [Fact]
    public void A_credential_cannot_be_moved_to_another_provider_or_changed()
    {
        var keys = Keys(Old, "1");
        var (blob, keyId) = keys.Encrypt(Provider, "secret");
        Assert.Null(keys.Decrypt(Id<StoredProvider>.New(TimeProvider.System), blob, keyId));
        for (var i = 0; i < blob.Length; i++)
        {
            var changed = blob.ToArray();
            changed[i] ^= 1;
            Assert.Null(keys.Decrypt(Provider, changed, keyId));
        }

        Assert.Null(keys.Decrypt(Provider, blob[..20], keyId));
    }

    [Fact]
    public void The_same_credential_never_looks_the_same()
    {
        var keys = Keys(Old, "1");
        Assert.NotEqual(keys.Encrypt(Provider, "secret").Encrypted, keys.Encrypt(Provider, "secret").Encrypted);
    }

    private static ProviderKeys Keys(string key, string id, string? previous = null, string? previousId = null) =>
        new(Options.Create(new ProviderEncryptionOptions { Key = key, KeyId = id, PreviousKey = previous, PreviousKeyId = previousId }));
}
