using System.Globalization;
using System.Text.Json.Nodes;
using Node.Host.Diagnostics;
using Node.Host.Hub;
using Node.Host.Twin;
using Node.HubClient;

namespace Node.Host.Methods;

/// <summary>
/// <c>uploadDiagnostics</c>: answers 202, stores a support bundle by file upload, and tells how that goes in the reported property
/// <c>diagnosticsUpload</c>. One at a time. The reported property is set in the hub loop's turns alone.
/// </summary>
internal sealed class BundleMethod(SupportBundle bundle, IHubClient? hub, ReportedDocument reported, TimeProvider time) : IMethodGroup
{
    private const string Name = "uploadDiagnostics";
    private const string Property = "diagnosticsUpload"; // Not the method's: a model allows each name once.

    private int _uploading;

    public IEnumerable<string> Names => [Name];

    public Method? Find(string component, string command) => component.Length == 0 && command == Name ? Method.AtOnce(Begin) : null;

    private MethodResponse Begin(Call call)
    {
        if (Payload.NotNothing(call.Payload) is { } unknown)
        {
            return MethodAnswers.BadPayload(unknown);
        }

        if (hub is null || call.By != "hub")
        {
            return MethodAnswers.Error(409, "a bundle is uploaded through the hub; call this method there");
        }

        if (Interlocked.CompareExchange(ref _uploading, 1, 0) != 0)
        {
            return MethodAnswers.Error(409, "an upload is under way; its state is the reported property diagnosticsUpload");
        }

        string blob = string.Create(CultureInfo.InvariantCulture, $"diagnostics/{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}.tar.gz");
        byte[] content = bundle.Create();
        IotHubClientResult begun = hub.UploadToBlob(blob, content, (isStored, detail) => Ended(blob, isStored, detail));
        if (begun != IotHubClientResult.Ok)
        {
            Volatile.Write(ref _uploading, 0);
            return MethodAnswers.Error(500, $"the upload could not be begun: {begun}");
        }

        Report(blob, "running", null);
        return MethodAnswers.Begun(new JsonObject { ["blob"] = blob, ["bytes"] = content.Length });
    }

    private void Ended(string blob, bool isStored, string detail)
    {
        Report(blob, isStored ? "done" : "failed", detail);
        Volatile.Write(ref _uploading, 0);
    }

    private void Report(string blob, string state, string? detail)
    {
        var json = new JsonObject { ["blob"] = blob, ["state"] = state, ["at"] = $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}" };
        if (detail is { Length: > 0 })
        {
            json["detail"] = detail;
        }

        reported.Set("", Property, json);
    }
}
