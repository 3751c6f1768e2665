using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Blobs;

/// <summary>Why the store refuses a request: HTTP status, the service's code, and text for people.</summary>
internal sealed record BlobFailure(int Status, string Code, string Message)
{
    public static BlobFailure NotAuthenticated { get; } = new(403, "AuthenticationFailed", "Server failed to authenticate the request: the signature does not fit, has expired or is not valid yet.");

    public static BlobFailure NoToken { get; } = new(401, "NoAuthenticationInformation", "The request carries no signature.");

    public static BlobFailure NotPermitted { get; } = new(403, "AuthorizationPermissionMismatch", "The signature does not give the permission for this operation.");

    public static BlobFailure BlobNotFound { get; } = new(404, "BlobNotFound", "The specified blob does not exist.");

    public static BlobFailure BlobExists { get; } = new(409, "BlobAlreadyExists", "The specified blob already exists.");

    public static BlobFailure ConditionNotMet { get; } = new(412, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met.");

    public static BlobFailure NotModified { get; } = new(304, "ConditionNotMet", "");

    public static BlobFailure NoLength { get; } = new(411, "MissingContentLengthHeader", "Content-Length is required.");

    public static BlobFailure NotABlockBlob { get; } = new(400, "InvalidHeaderValue", "x-ms-blob-type must be BlockBlob; this store keeps no other blobs.");

    public static BlobFailure TooLarge { get; } = new(413, "RequestBodyTooLarge", "The request body is larger than this store takes at once.");

    public static BlobFailure Full { get; } = new(507, "InsufficientStorage", "The store is full; delete blobs, or the data folder.");

    public static BlobFailure OtherDigest { get; } = new(400, "Md5Mismatch", "The MD5 value specified in the request did not match the MD5 value calculated by the server.");

    public static BlobFailure InvalidBlock { get; } = new(400, "InvalidBlobOrBlock", "The blocks of one blob must have ids of one length, at most 64 bytes.");

    public static BlobFailure TooManyBlocks { get; } = new(409, "BlockCountExceedsLimit", "The blob has too many blocks.");

    public static BlobFailure UnknownBlock { get; } = new(400, "InvalidBlockList", "The block list names a block that was not stored.");

    public static BlobFailure MalformedXml { get; } = new(400, "InvalidXmlDocument", "The block list is not the XML that is asked for.");

    public static BlobFailure InvalidRange { get; } = new(416, "InvalidRange", "The range specified is invalid for the current size of the resource.");

    public static BlobFailure Internal { get; } = new(500, "InternalError", "The store failed; the log of the hub has the cause.");

    public static BlobFailure InvalidQuery(string member) => new(400, "InvalidQueryParameterValue", $"The value of the query parameter {member} is not served here.");

    /// <summary>What a store that is told to fail answers.</summary>
    public static BlobFailure Injected(int status) => status switch
    {
        500 => Internal,
        503 => new BlobFailure(503, "ServerBusy", "The server is currently unable to receive requests."),
        403 => NotAuthenticated,
        404 => BlobNotFound,
        _ => new BlobFailure(status, "InjectedFault", "The store was told to fail."),
    };

    /// <summary>Writes <c>&lt;Error&gt;&lt;Code/&gt;&lt;Message/&gt;&lt;/Error&gt;</c> with the code in a header too; a HEAD gets no body.</summary>
    public async Task WriteAsync(HttpResponse response, DateTimeOffset now)
    {
        response.StatusCode = Status;
        response.Headers["x-ms-error-code"] = Code;
        if (HttpMethods.IsHead(response.HttpContext.Request.Method) || Status == StatusCodes.Status304NotModified)
        {
            return;
        }

        string time = now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        var error = new XElement("Error", new XElement("Code", Code), new XElement("Message", $"{Message}\nRequestId:{response.Headers["x-ms-request-id"]}\nTime:{time}"));
        byte[] xml = Encoding.UTF8.GetBytes($"""<?xml version="1.0" encoding="utf-8"?>{error.ToString(SaveOptions.DisableFormatting)}""");
        response.ContentType = "application/xml";
        response.ContentLength = xml.Length;
        await response.Body.WriteAsync(xml, response.HttpContext.RequestAborted);
    }
}
