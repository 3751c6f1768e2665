using System.Text;

namespace Node.HubClient.Tests.Fuzz;

/// <summary>Literal texts that travel or configure: the vectors of the behavioural contract, section 19, and one connection string.</summary>
internal static class Vectors
{
    public const string ConnectionString =
        "HostName=contoso.azure-devices.net;DeviceId=dev1;SharedAccessKey=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=;GatewayHostName=edge";

    public const string Token = "SharedAccessSignature sr=contoso.azure-devices.net/devices/dev1&sig=vP3Z%2fCd8Cma7wAKwCCzRmJz26D9MhdNq1d9uFNe0Qj8%3d&se=1700003600";

    public const string TwinAnswer = "$iothub/twin/res/204/?$rid=7&$version=12";

    public const string DesiredPush = "$iothub/twin/PATCH/properties/desired/?$version=3";

    public const string MethodCall = "$iothub/methods/POST/reboot/?$rid=1a";

    public const string DeviceBound =
        "devices/dev1/messages/devicebound/iothub-ack=full&%24.to=%2Fdevices%2Fdev1%2Fmessages%2FdeviceBound&%24.cid=123&color=red&empty=&bare";

    public const string Twin = """{"desired":{"a":{"b":[1,null]},"$metadata":{"$version":2},"$version":4},"reported":{"$version":7}}""";

    public const string ProvisioningTopic = "$dps/registrations/res/202/?$rid=1&retry-after=3";

    public const string Provisioned =
        """{"operationId":"5.0123456789abcdef.6b4c","status":"assigned","registrationState":{"assignedHub":"myhub.azure-devices.net","deviceId":"sn-007","substatus":"initialAssignment","payload":{"a":[1]}}}""";

    public const string Address =
        """{"correlationId":"MjAy=","hostName":"acct.blob.core.windows.net","containerName":"uploads","blobName":"dev-01/log.txt","sasToken":"?sv=2018-03-28&sr=b&sig=x%2By&sp=rw"}""";

    public const string Response = "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Length: 5\r\n\r\nhello";

    public const string ChunkedResponse = "HTTP/1.1 429 Slow down\r\nRetry-After: 7\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n0\r\nA: b\r\n\r\n";

    public static readonly string[] All =
    [
        ConnectionString,
        Token,
        Token + "&skn=",
        "SharedAccessSignature sr=contoso.azure-devices.net/devices/dev1/modules/mod1&sig=JO%2bIf3rCb40%2fsRLZ6GhVwrPBd7fTpJgZPjM%2fdlmF94o%3d&se=1700003600",
        "contoso.azure-devices.net/dev1/?api-version=2020-09-30&DeviceClientType=iothubclient%2f1.15.0%20(native%3b%20Linux%3b%20x86_64)&model-id=dtmi%3acom%3aexample%3aThermostat%3b1",
        "devices/dev1/messages/events/a%20b=1%2f2&t=x&%24.cid=c-1&%24.mid=m%3a1&%24.ct=application%2fjson&%24.ce=utf-8",
        "devices/dev1/messages/events/a b=1/2&t=x&%24.cid=c-1&%24.mid=m:1&%24.ct=application/json&%24.ce=utf-8",
        "devices/dev1/messages/events/%24.mid=m1",
        "devices/dev1/messages/events/",
        "devices/dev1/messages/events/%24.ce=application%2fjson&%24.ifid=urn%3aazureiot%3aSecurity%3aSecurityAgent%3a1",
        "devices/dev1/messages/events/%24.mid=m1&%24.diagid=abcd1234&%24.diagctx=creationtimeutc%3d1700000000",
        DeviceBound,
        TwinAnswer,
        DesiredPush,
        MethodCall,
        "$iothub/methods/res/200/?$rid=1a",
        Twin,
        ProvisioningTopic,
        Provisioned,
        Address,
        Response,
        ChunkedResponse,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n",
    ];

    public static IEnumerable<byte[]> Bytes => All.Select(Encoding.UTF8.GetBytes);
}
