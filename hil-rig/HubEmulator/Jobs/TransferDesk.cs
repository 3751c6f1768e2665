using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HubEmulator.Blobs;
using HubEmulator.Identity;
using HubEmulator.Rest;
using Microsoft.Extensions.Logging;

namespace HubEmulator.Jobs;

/// <summary>
/// Exports all identities into a blob, a line each, and imports such lines; one job at a time, <see cref="MostJobs"/> remembered while the hub runs.
/// What an import could not do stands in <c>importErrors.log</c> of its output container, a line each.
/// </summary>
internal sealed partial class TransferDesk(DeviceRegistry registry, IdentityChanges changes, ContainerAccess? container, TimeProvider clock, ILogger log) : IAsyncDisposable
{
    public const int MostJobs = 100;
    private const string ErrorsBlob = "importErrors.log";

    private readonly Lock _guard = new();
    private readonly List<TransferJob> _jobs = [];
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public IReadOnlyList<TransferJob> All
    {
        get
        {
            lock (_guard)
            {
                return [.. _jobs];
            }
        }
    }

    public TransferJob? Find(string id) => All.FirstOrDefault(job => job.Id == id);

    /// <summary>Takes a job and begins it.</summary>
    /// <returns>Null, or why not.</returns>
    public ServiceError? TryBegin(TransferJob job)
    {
        string? fault = container is null ? "must be a store, and this hub has none of its own" : null;
        fault ??= container!.FindFault(job.Output, 'w') is { } output ? $"outputBlobContainerUri {output}." : null;
        fault ??= job.Type == TransferJob.Import && container!.FindFault(job.Input, 'r') is { } input ? $"inputBlobContainerUri {input}." : null;
        if (fault is not null)
        {
            return ServiceError.ArgumentInvalid(fault);
        }

        lock (_guard)
        {
            if (_jobs.Exists(one => !one.IsOver))
            {
                return new ServiceError(403, 403003, "JobQuotaExceeded", "One export or import at a time; wait for the other, or cancel it.");
            }

            _jobs.Add(job);
            _jobs.RemoveRange(0, Math.Max(0, _jobs.Count - MostJobs));
            _running = Task.Run(() => RunAsync(job, _stopping.Token));
            return null;
        }
    }

    /// <summary>Ends a job that is not over; what it has done stays done.</summary>
    public void Cancel(string id) => Put(id, job => job.IsOver ? job : job with { Status = JobStatus.Cancelled, Ended = clock.GetUtcNow() });

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The {Type} of identities failed.")]
    private partial void LogFailed(string type, Exception cause);

    private async Task RunAsync(TransferJob job, CancellationToken stopping)
    {
        Put(job.Id, one => one.IsOver ? one : one with { Status = JobStatus.Running });
        string? failure = null;
        try
        {
            failure = job.Type == TransferJob.Export ? await ExportAsync(job, stopping) : await ImportAsync(job, stopping);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            failure = broken.Message;
            LogFailed(job.Type, broken);
        }

        Put(job.Id, one => one.IsOver ? one : one with { Status = failure is null ? JobStatus.Completed : JobStatus.Failed, Failure = failure, Ended = clock.GetUtcNow() });
    }

    private async Task<string?> ExportAsync(TransferJob job, CancellationToken stopping)
    {
        var lines = new StringBuilder();
        foreach (Device device in registry.All.OrderBy(one => one.Id, StringComparer.Ordinal))
        {
            lines.Append(IdentityLine.Of(device, job.ExcludesKeys).ToJsonString()).Append('\n');
        }

        await container!.WriteAsync(job.BlobName, lines.ToString(), stopping);
        return null;
    }

    private async Task<string?> ImportAsync(TransferJob job, CancellationToken stopping)
    {
        if (await container!.ReadAsync(job.BlobName, stopping) is not { } text)
        {
            return $"The input container has no blob {job.BlobName}.";
        }

        var errors = new StringBuilder();
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            stopping.ThrowIfCancellationRequested();
            if (Find(job.Id)?.IsOver == true)
            {
                return null; // cancelled
            }

            JsonObject change = Read(line);
            if (changes.Apply(change) is { } error)
            {
                errors.Append(IdentityChanges.Describe(change, error).ToJsonString()).Append('\n');
            }
        }

        await container.WriteAsync(ErrorsBlob, errors.ToString(), stopping);
        return null;
    }

    /// <returns>A change without an id where the line is none, which is then refused as such.</returns>
    private static JsonObject Read(string line)
    {
        try
        {
            return SoundJson.ParseStrict(Encoding.UTF8.GetBytes(line)) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private void Put(string id, Func<TransferJob, TransferJob> change)
    {
        lock (_guard)
        {
            int index = _jobs.FindIndex(job => job.Id == id);
            if (index >= 0)
            {
                _jobs[index] = change(_jobs[index]);
            }
        }
    }
}
