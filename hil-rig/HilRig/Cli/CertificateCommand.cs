using System.CommandLine;
using HubEmulator;

namespace HilRig.Cli;

/// <summary><c>hilrig hub certificate</c>: a development certificate for a device, signed by the hub's own authority or by itself.</summary>
internal static class CertificateCommand
{
    private static readonly Argument<string> Id = new("ID") { Description = "The device id, or the registration id; it becomes the common name." };

    private static readonly Option<string> Data = new("--data") { Description = "The hub's data folder, whose ca.pem signs; the hub need not run.", HelpName = "DIR", Required = true };

    private static readonly Option<string?> Out = new("--out") { Description = "Where ID.pem and ID-key.pem go (default: DIR/devices).", HelpName = "DIR" };

    private static readonly Option<bool> SelfSigned = new("--self-signed") { Description = "Let it sign itself, for --device-x509 ID=FILE, instead of the authority, for --device-x509-ca ID." };

    private static readonly Option<int> Days = new("--days") { Description = "How long it is valid, 1 to 3650 days (default: 365).", DefaultValueFactory = _ => 365, HelpName = "N" };

    static CertificateCommand()
    {
        Days.Limit(1, 3650);
    }

    public static Command Build()
    {
        var command = new Command("certificate", "Make a development certificate and a private key for a device.") { Id, Data, Out, SelfSigned, Days };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string id = parsed.GetRequiredValue(Id);
        if (id.Length is 0 or > 128)
        {
            throw new RigException(RigFault.UnusableInput, "ID must have 1 to 128 characters.");
        }

        string data = Path.GetFullPath(parsed.GetRequiredValue(Data));
        var lifetime = TimeSpan.FromDays(parsed.GetValue(Days));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        DeviceCertificate certificate = parsed.GetValue(SelfSigned)
            ? DeviceCertificate.MakeSelfSigned(id, now, lifetime)
            : DeviceCertificate.IssueByHub(data, id, now, lifetime);
        var files = DeviceCertificateFiles.In(Path.GetFullPath(parsed.GetValue(Out) ?? Path.Combine(data, CertificateOptions.FolderName)), id);
        files.Write(certificate);
        Console.WriteLine($"certificate {files.CertificateFile}");
        Console.WriteLine($"key         {files.KeyFile}");
        Console.WriteLine($"thumbprint  {certificate.Thumbprint}");
        return ExitCodes.Passed;
    }
}
