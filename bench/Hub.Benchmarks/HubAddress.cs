namespace Hub.Benchmarks;

/// <summary>Where the hub is, and how to get in.</summary>
internal sealed record HubAddress(int MqttPort, int HttpsPort, string ServiceConnectionString, string RootPem);
