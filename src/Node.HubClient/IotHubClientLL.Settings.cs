namespace Node.HubClient;

/// <content>What may be changed at run time: options by name, the retry policy, the credential.</content>
public sealed partial class IotHubClientLL
{
    /// <summary>
    /// Sets how waits between attempts grow and forgets earlier failures: a client that waits to retry, or had given up, tries in the next turn; under
    /// <see cref="RetryPolicy.None"/> one that waits to retry gives up in it.
    /// </summary>
    /// <param name="policy">The policy.</param>
    /// <param name="retryTimeoutLimit">Time after the first failure in a row at which the client gives up; zero for never.</param>
    /// <exception cref="ArgumentOutOfRangeException">An undefined policy or a negative limit.</exception>
    public IotHubClientResult SetRetryPolicy(RetryPolicy policy, TimeSpan retryTimeoutLimit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(retryTimeoutLimit, TimeSpan.Zero);
        if (!Enum.IsDefined(policy))
        {
            throw new ArgumentOutOfRangeException(nameof(policy), policy, "No such retry policy.");
        }

        _session.SetRetryPolicy(policy, retryTimeoutLimit);
        return IotHubClientResult.Ok;
    }

    /// <summary>The retry policy in force: exponential with jitter and no limit unless set otherwise.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="retryTimeoutLimit">The limit; zero for none.</param>
    /// <returns>Always <see cref="IotHubClientResult.Ok"/>.</returns>
    public IotHubClientResult GetRetryPolicy(out RetryPolicy policy, out TimeSpan retryTimeoutLimit)
    {
        policy = _session.Retries.Policy;
        retryTimeoutLimit = _session.Retries.Limit;
        return IotHubClientResult.Ok;
    }

    /// <summary>
    /// Sets an option by its name in the reference: <c>messageTimeout</c> (ms), <c>product_info</c>, <c>model_id</c>, <c>sas_token_lifetime</c> (s),
    /// <c>sas_token_refresh_time</c> (the same), <c>keepalive</c> (s), <c>connect_timeout</c> (s), <c>retry_interval_sec</c>,
    /// <c>retry_max_delay_secs</c>, <c>auto_url_encode_decode</c>, <c>diag_sampling_percentage</c>, <c>logtrace</c>, <c>TrustedCerts</c> (PEM),
    /// <c>x509certificate</c> and <c>x509privatekey</c> (PEM), <c>tcp_keepalive</c>, <c>tcp_keepalive_time</c> (s),
    /// <c>tcp_keepalive_interval</c> (s), <c>proxy_data</c> (<see cref="HttpProxy"/>), <c>net_interface_mac_address</c>, <c>x509EccCertificate</c> and
    /// <c>x509EccAliasKey</c> (PEM), <c>blob_upload_timeout_secs</c> (0 for the default), <c>network_interface_upload_to_blob</c>, <c>tls_version</c> (12 or 13),
    /// <c>ADDRESS_TYPE</c> (IP_SOCKET); accepted without effect: <c>rawlogtrace</c>, <c>CURLOPT_VERBOSE</c>, <c>tls_renegotiation</c>,
    /// <c>blob_upload_tls_renegotiation</c>. On the thread of <see cref="DoWork"/>, in any order.
    /// </summary>
    /// <param name="name">The name, exactly as written here.</param>
    /// <param name="value">An integer, flag or text, as the option takes it.</param>
    /// <returns>
    /// <see cref="IotHubClientResult.InvalidArg"/> for an unknown name, a value of another type, or a certificate for a client with a key;
    /// <see cref="IotHubClientResult.Error"/> for a value out of range, text that is no PEM, or a name that was settled at the first attempt.
    /// </returns>
    public IotHubClientResult SetOption(string name, object value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        return _named.Set(name, value);
    }

    /// <summary>
    /// Replaces the credential at run time: a new token in time, a rotated key, a renewed certificate. A live connection is closed once
    /// nothing is in flight (10 s at most) and comes back with it; nothing queued is lost. On the thread of <see cref="DoWork"/>.
    /// </summary>
    /// <param name="config">The same host name and device id with exactly one credential.</param>
    /// <exception cref="ArgumentException">Another identity; no credential, or more than one; or a certificate without its private key.</exception>
    /// <exception cref="FormatException">The key is not base64.</exception>
    public void SetCredential(DeviceConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.HostName != _identity.HostName || config.DeviceId != _identity.DeviceId || config.ModuleId != _identity.ModuleId)
        {
            throw new ArgumentException("A client keeps its identity: host name, device id and module id must be those it was created with.", nameof(config));
        }

        _session.SetCredential(CredentialOf(_identity, config, _options with { SasTokenLifetime = _named.TokenLifetime }));
    }
}
