namespace Node.Benchmarks.Report;

/// <summary>A ratio to an SDK that did not run here, estimated by one peer or by two.</summary>
/// <param name="ByLow">By MQTTnet's low-level client, or by the one peer that is known.</param>
/// <param name="ByFloor">By the floor; null where its ratio to the SDK is not known.</param>
internal readonly record struct Estimate(double ByLow, double? ByFloor = null);
