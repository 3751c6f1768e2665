namespace HubEmulator.Rest;

/// <summary>The forms in which the service writes an error; which one depends on the call.</summary>
internal enum ServiceErrorShape
{
    /// <summary><c>{"Message":"ErrorCode:{name};{text}","ExceptionMessage":"Tracking ID:…"}</c></summary>
    Registry,

    /// <summary><c>{"Message":"{json text}","ExceptionMessage":""}</c>: the message is JSON once more.</summary>
    Nested,

    /// <summary><c>{"errorCode":…,"trackingId":…,"message":…,"timestampUtc":…}</c>: the provisioning service.</summary>
    Flat,
}
