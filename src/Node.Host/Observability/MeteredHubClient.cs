using System.Diagnostics;
using Node.Host.Hub;
using Node.HubClient;

namespace Node.Host.Observability;

/// <summary>A hub client whose traffic is counted, timed and traced; it changes none of it.</summary>
internal sealed class MeteredHubClient(IHubClient client, HubMeter meter, TimeProvider time) : IHubClient
{
    public bool IsBusy => client.IsBusy;

    public WorkStatus DoWork()
    {
        meter.Turn();
        return client.DoWork();
    }

    public bool WaitForWork(TimeSpan atMost) => client.WaitForWork(atMost);

    public IotHubClientResult SendEvent(TelemetryMessage message, SendConfirmationCallback callback, object context)
    {
        long from = time.GetTimestamp();
        Activity? span = NodeTraces.Source.StartActivity("send", ActivityKind.Producer, parentContext: default);
        span?.SetTag("messaging.message.id", message.MessageId);
        Activity.Current = span?.Parent; // It ends with the confirmation, in another turn.
        IotHubClientResult result = client.SendEvent(
            message,
            (confirmation, ended) =>
            {
                meter.Ended(confirmation == SendConfirmation.Ok, time.GetElapsedTime(from));
                End(span, confirmation == SendConfirmation.Ok ? null : confirmation.ToString());
                callback(confirmation, ended);
            },
            context);
        if (result == IotHubClientResult.Ok)
        {
            meter.Sent();
        }
        else
        {
            End(span, result.ToString());
        }

        return result;
    }

    public IotHubClientResult SendReportedState(ReadOnlySpan<byte> reportedJson, ReportedStateCallback callback, object context) => client.SendReportedState(
        reportedJson,
        (status, ended) =>
        {
            meter.ReportedEnded(status);
            callback(status, ended);
        },
        context);

    public IotHubClientResult UploadToBlob(string blobName, ReadOnlyMemory<byte> data, UploadEnded ended) =>
        client.UploadToBlob(blobName, data, ended);

    public void Register(ConnectionStatusCallback connection, DeviceTwinCallback twin, MethodArrived methods) => client.Register(
        (change, context) =>
        {
            meter.Changed(change);
            connection(change, context);
        },
        twin,
        (call, answer) =>
        {
            Activity? span = NodeTraces.Source.StartActivity("method", ActivityKind.Server, parentContext: default);
            span?.SetTag("sensornode.method.name", call.Name);
            Activity.Current = span?.Parent;
            methods(call, response =>
            {
                meter.MethodAnswered(response.Status);
                span?.SetTag("sensornode.method.status", response.Status);
                End(span, response.Status < 400 ? null : $"status {response.Status}");
                answer(response);
            });
        });

    public void Dispose() => client.Dispose();

    private static void End(Activity? span, string? failure)
    {
        if (failure is not null)
        {
            span.Fail(failure);
        }

        span?.Dispose();
    }
}
