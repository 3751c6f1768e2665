using Microsoft.Extensions.DependencyInjection;
using Node.Host.Composition;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Node.Host.Observability;

/// <summary>Metrics and traces to an OpenTelemetry collector, when the standard variable names one; its further standard variables hold too.</summary>
internal static class OtlpExport
{
    public const string Variable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static IServiceCollection AddOtlpExport(this IServiceCollection services, NodeIdentity identity, string? deviceId, Func<string?> modelId)
    {
        if (string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(Variable)))
        {
            return services;
        }

        OpenTelemetryBuilder telemetry = services.AddOpenTelemetry();
        telemetry.ConfigureResource(resource => Describe(resource, identity, deviceId, modelId()));
        telemetry.WithMetrics(metrics => metrics.AddMeter([.. NodeMeters.Names, NodeMeters.Runtime]).AddOtlpExporter());
        telemetry.WithTracing(traces => traces.AddSource(NodeTraces.SourceName).AddOtlpExporter());
        return services;
    }

    private static void Describe(ResourceBuilder resource, NodeIdentity identity, string? deviceId, string? modelId)
    {
        resource.AddService("sensornode", serviceVersion: identity.Version, serviceInstanceId: deviceId ?? identity.BootId, autoGenerateServiceInstanceId: false);
        var attributes = new List<KeyValuePair<string, object>>
        {
            new("host.arch", System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()),
        };
        AddIfGiven(attributes, "device.id", deviceId);
        AddIfGiven(attributes, "device.model.identifier", modelId);
        resource.AddAttributes(attributes);
    }

    private static void AddIfGiven(List<KeyValuePair<string, object>> attributes, string name, string? value)
    {
        if (value is not null)
        {
            attributes.Add(new(name, value));
        }
    }
}
