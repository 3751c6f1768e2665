using Node.HubClient.Connection;
using Node.HubClient.Protocol;

namespace Node.HubClient.Upload;

/// <summary>
/// One upload: ask the hub for an address, put block after block there, commit the list, tell the hub the end. Each request is repeated up to
/// four times where that may help; whatever goes wrong after the address was given, the hub is told, so that no slot stays taken there.
/// </summary>
internal sealed class BlobUpload(FileUpload upload, IBlockSource source, UploadIdentity identity, IHttpChannel channel, TimeProvider clock)
{
    private const int Attempts = 5;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    private Step _step = Step.Ask;
    private UploadAddress? _address;
    private ReadOnlyMemory<byte> _block;
    private bool _underWay;
    private int _failures;
    private long _failedAt;
    private TimeSpan _wait;

    private enum Step
    {
        Ask,
        Block,
        Commit,
        Notify,
        Done,
    }

    /// <summary>Whether the last callback has run.</summary>
    public bool IsFinished => _step is Step.Done;

    /// <summary>Whether another turn pays at once.</summary>
    public bool HasMoreToDo => _underWay && channel.HasMoreToSend;

    /// <summary>Time until the next attempt; zero while an exchange is under way.</summary>
    public TimeSpan NextDue(long now)
    {
        TimeSpan left = _underWay ? TimeSpan.Zero : _wait - clock.GetElapsedTime(_failedAt, now);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>One turn.</summary>
    public void Turn(long now)
    {
        if (_step is Step.Ask && !_underWay && _failures == 0)
        {
            Begin(now);
        }

        if (_underWay)
        {
            if (!channel.TryEnd(out HttpOutcome outcome))
            {
                return;
            }

            _underWay = false;
            Take(outcome, now);
        }
        else if (!IsFinished && NextDue(now) == TimeSpan.Zero)
        {
            Begin(now);
        }
    }

    /// <summary>The client is being disposed: told as an error, without another word to the hub.</summary>
    public void Abandon()
    {
        channel.Dispose();
        if (!IsFinished)
        {
            Fail("the client was disposed");
            Finish();
        }
    }

    private void Begin(long now)
    {
        DateTimeOffset wallClock = clock.GetUtcNow();
        string? token = null;
        if (_step is Step.Ask or Step.Notify && !identity.TryAuthorize(wallClock, out token, out string? why))
        {
            Take(new HttpOutcome { Status = 0, Failure = why! }, now);
            return;
        }

        channel.Begin(_step switch
        {
            Step.Ask => identity.ToHub("files", UploadMessages.Ask(upload.BlobName), token),
            Step.Block => ToStore($"&comp=block&blockid={Uri.EscapeDataString(UploadMessages.BlockId(upload.StoredBlocks))}", null, _block),
            Step.Commit => ToStore("&comp=blocklist", "application/xml", UploadMessages.BlockList(upload.StoredBlocks)),
            _ => identity.ToHub("files/notifications", UploadMessages.Notification(_address!.CorrelationId, upload.Result is FileUploadResult.Ok, upload.Detail), token),
        });
        _underWay = true;
    }

    private HttpRequest ToStore(string query, string? contentType, ReadOnlyMemory<byte> body) => new()
    {
        Host = _address!.Host,
        Port = _address.Port,
        Method = "PUT",
        Target = _address.Target + query,
        ContentType = contentType,
        Body = body,
    };

    private void Take(HttpOutcome outcome, long now)
    {
        if (outcome.MayPass && ++_failures < Attempts)
        {
            _failedAt = now;
            TimeSpan asked = outcome.RetryAfter ?? TimeSpan.Zero;
            TimeSpan own = TimeSpan.FromSeconds(1 << (_failures - 1));
            _wait = asked > LongestWait ? LongestWait : asked > own ? asked : own;
            return;
        }

        _failures = 0;
        _wait = TimeSpan.Zero;
        if (outcome.IsSuccess)
        {
            Succeed(outcome);
        }
        else
        {
            Fail($"{Describe(_step)}: {outcome.Describe()}");
            _step = _step is Step.Ask or Step.Notify ? Step.Done : Step.Notify;
        }

        if (_step is Step.Done)
        {
            Finish();
        }
        else
        {
            Begin(now);
        }
    }

    private void Succeed(HttpOutcome outcome)
    {
        switch (_step)
        {
            case Step.Ask when !UploadMessages.TryReadAddress(outcome.Body.Span, out _address):
                Fail("the hub's answer holds no address of a blob");
                _step = Step.Done;
                break;
            case Step.Ask:
                NextBlock();
                break;
            case Step.Block:
                upload.StoredBlocks++;
                upload.StoredBytes += _block.Length;
                NextBlock();
                break;
            case Step.Commit:
                _step = Step.Notify;
                break;
            default:
                _step = Step.Done;
                break;
        }
    }

    private void NextBlock()
    {
        _step = Step.Notify;
        if (!source.TryNext(upload, out _block))
        {
            Fail("aborted by the application");
        }
        else if (_block.Length > UploadMessages.MaximumBlockBytes)
        {
            Fail($"a block of {_block.Length} bytes; at most {UploadMessages.MaximumBlockBytes} are allowed");
        }
        else if (!_block.IsEmpty && upload.StoredBlocks == UploadMessages.MaximumBlocks)
        {
            Fail($"more than {UploadMessages.MaximumBlocks} blocks");
        }
        else
        {
            _step = _block.IsEmpty ? Step.Commit : Step.Block;
        }
    }

    private void Fail(string why)
    {
        upload.Result = FileUploadResult.Error;
        upload.Detail = upload.Detail.Length == 0 ? why : $"{upload.Detail}; {why}";
    }

    private void Finish()
    {
        _step = Step.Done;
        channel.Dispose();
        upload.IsFinished = true;
        source.Finish(upload);
    }

    private static string Describe(Step step) => step switch
    {
        Step.Ask => "the hub gave no address",
        Step.Block => "a block was not stored",
        Step.Commit => "the blocks were not joined",
        _ => "the hub was not told the end",
    };
}

/// <summary>Who uploads, and to which hub.</summary>
internal sealed class UploadIdentity(string hostName, int port, string deviceId, Func<Credential> credential)
{
    /// <summary>The hub's version of these calls; any since 2016-11-14 has them.</summary>
    private const string ApiVersion = UserName.ApiVersion;

    /// <summary>The header that proves the identity; null with a certificate. False, with the reason, when there can be none now.</summary>
    public bool TryAuthorize(DateTimeOffset wallClock, out string? authorization, out string? why)
    {
        Credential present = credential();
        if (present.NeedsClock && !Credential.IsClockPlausible(wallClock))
        {
            authorization = null;
            why = "the clock is not set yet, and a token needs it";
            return false;
        }

        return present.TryProve(wallClock, out authorization, out why);
    }

    /// <summary>A call of the hub.</summary>
    public HttpRequest ToHub(string path, byte[] body, string? authorization) => new()
    {
        Host = hostName,
        Port = port,
        Method = "POST",
        Target = $"/devices/{Uri.EscapeDataString(deviceId)}/{path}?api-version={ApiVersion}",
        Authorization = authorization,
        ContentType = "application/json",
        Body = body,
        Certificate = credential().Certificate,
    };
}
