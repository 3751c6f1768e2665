using System.IO.Pipelines;
using HubEmulator.Identity;
using HubEmulator.Telemetry;

namespace HubEmulator.Mqtt;

/// <summary>
/// Somebody else who connects with a device's identity, as a cloned image would: the device is thrown out, and until it comes back what is sent to it
/// goes to the stranger, who never answers.
/// </summary>
internal sealed class Stranger(Device device, TimeProvider clock)
{
    private readonly Lock _guard = new();
    private DeviceLink? _link;

    /// <summary>Connects, unless it still has the connection of the last time.</summary>
    public void Connect()
    {
        lock (_guard)
        {
            if (_link is { Reason: CloseReason.None })
            {
                return;
            }

            _link = new DeviceLink(new Nowhere(), () => { }, clock);
            var source = new TelemetrySource(device.Id, device.Identity.GenerationId, "", device.Session.ModelId);
            device.Session.Attach(_link, clean: false, new Admission(device, source, DateTimeOffset.MaxValue, HasApiVersion: true, TokenHash: null), clock.GetUtcNow());
        }
    }

    /// <summary>Leaves for good.</summary>
    public void Leave()
    {
        lock (_guard)
        {
            if (_link is not null)
            {
                device.Session.Detach(_link, clock.GetUtcNow());
                _link.Close(CloseReason.Disconnected);
            }
        }
    }

    /// <summary>A connection's bytes that come from nowhere and go there.</summary>
    private sealed class Nowhere : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(Stream.Null);

        public PipeWriter Output { get; } = PipeWriter.Create(Stream.Null);
    }
}
