namespace Node.HubClient;

/// <summary>A key that never leaves its security module (TPM, HSM): the client hands over what is to be signed.</summary>
public interface IDeviceAuthentication
{
    /// <summary>HMAC-SHA256 with the device's key. Called within <see cref="IotHubClientLL.DoWork"/>, once for each connection: it must not wait for a network.</summary>
    /// <param name="data">What is to be signed.</param>
    /// <returns>32 bytes.</returns>
    byte[] SignHmacSha256(byte[] data);
}
