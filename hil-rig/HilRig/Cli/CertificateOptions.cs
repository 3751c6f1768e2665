using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HubEmulator;

namespace HilRig.Cli;

/// <summary>The options of <c>hilrig hub</c> for devices that authenticate with a certificate.</summary>
internal static class CertificateOptions
{
    /// <summary>The folder below the hub's data that holds the certificates it makes for devices.</summary>
    public const string FolderName = "devices";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    private static readonly Option<string[]> SelfSigned = new("--device-x509")
    {
        Description = "A device that the thumbprint of its certificate opens: ID=THUMBPRINT (SHA-1 or SHA-256 in hex), ID=FILE.pem, "
            + "or ID alone, for which a certificate and a key are made in DIR/devices; may be repeated.",
        HelpName = "ID[=THUMBPRINT|FILE]",
    };

    private static readonly Option<string[]> SignedByAuthority = new("--device-x509-ca")
    {
        Description = "A device that a certificate opens whose common name is ID and which leads to an authority: DIR/ca.pem "
            + "('hilrig hub certificate' issues one), or one of --device-ca; may be repeated.",
        HelpName = "ID",
    };

    private static readonly Option<string[]> Authority = new("--device-ca")
    {
        Description = "A PEM file with the certificate of an authority, root or intermediate, for --device-x509-ca; may be repeated.",
        HelpName = "FILE",
    };

    private static readonly Option<string[]> Enrolment = new("--dps-x509")
    {
        Description = "A device that provisions itself with the certificate in a PEM file, whose common name is ID; may be repeated.",
        HelpName = "ID=FILE",
    };

    private static readonly Option<string[]> EnrolmentGroup = new("--dps-group-ca")
    {
        Description = "A group whose devices provision themselves with certificates that an authority signed, given by its certificate in a PEM file; may be repeated.",
        HelpName = "NAME=FILE",
    };

    static CertificateOptions()
    {
        foreach (Option<string[]> option in new[] { Enrolment, EnrolmentGroup })
        {
            option.Validators.Add(result =>
            {
                if (result.Tokens.Any(token => token.Value.IndexOf('=', StringComparison.Ordinal) <= 0))
                {
                    result.AddError($"{option.Name} takes {option.HelpName}.");
                }
            });
        }
    }

    public static void AddTo(Command command)
    {
        command.Add(Enrolment);
        command.Add(EnrolmentGroup);
        command.Add(SelfSigned);
        command.Add(SignedByAuthority);
        command.Add(Authority);
    }

    /// <summary>The devices that were asked for; a certificate that is missing is made.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="folder">The hub's data folder.</param>
    /// <param name="clock">The clock of new certificates.</param>
    /// <exception cref="RigException">A file cannot be used.</exception>
    public static IEnumerable<LocalDevice> ReadDevices(ParseResult parsed, string folder, TimeProvider clock) =>
        (parsed.GetValue(SelfSigned) ?? []).Select(text => ReadDevice(text, folder, clock))
            .Concat((parsed.GetValue(SignedByAuthority) ?? []).Select(id => new LocalDevice(id) { IsSignedByAuthority = true }));

    /// <exception cref="RigException">A file cannot be read.</exception>
    public static IReadOnlyList<LocalEnrolment> ReadEnrolments(ParseResult parsed) =>
        [.. (parsed.GetValue(Enrolment) ?? []).Select(Split).Select(pair => new LocalEnrolment(pair.Name) { CertificatePem = ReadFile(pair.File) })];

    /// <exception cref="RigException">A file cannot be read.</exception>
    public static IReadOnlyDictionary<string, string> ReadEnrolmentGroups(ParseResult parsed) =>
        (parsed.GetValue(EnrolmentGroup) ?? []).Select(Split).GroupBy(pair => pair.Name, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => ReadFile(group.Last().File), StringComparer.OrdinalIgnoreCase);

    /// <exception cref="RigException">A file cannot be read, or holds no certificate.</exception>
    public static IReadOnlyList<X509Certificate2> ReadAuthorities(ParseResult parsed) => [.. (parsed.GetValue(Authority) ?? []).SelectMany(ReadAuthority)];

    /// <summary>Splits at the last equals sign that a thumbprint or an existing file follows, because an id may hold some.</summary>
    internal static LocalDevice ReadDevice(string text, string folder, TimeProvider clock)
    {
        int equals = text.LastIndexOf('=');
        if (equals > 0)
        {
            string value = text[(equals + 1)..];
            bool isThumbprint = value.Replace(":", "", StringComparison.Ordinal).Length is 40 or 64 && value.All(letter => char.IsAsciiHexDigit(letter) || letter == ':');
            return new LocalDevice(text[..equals]) { Thumbprint = isThumbprint ? value : DeviceCertificateFiles.ThumbprintOf(value) };
        }

        var files = DeviceCertificateFiles.In(Path.Combine(folder, FolderName), text);
        if (!files.Exist)
        {
            files.Write(DeviceCertificate.MakeSelfSigned(text, clock.GetUtcNow(), Lifetime));
        }

        return new LocalDevice(text) { Thumbprint = DeviceCertificateFiles.ThumbprintOf(files.CertificateFile) };
    }

    private static (string Name, string File) Split(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return (text[..equals], text[(equals + 1)..]);
    }

    private static string ReadFile(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new RigException(RigFault.UnusableInput, $"{file}: {refused.Message} Give a PEM file with a certificate.");
        }
    }

    private static X509Certificate2Collection ReadAuthority(string file)
    {
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPemFile(file);
            return found.Count > 0 ? found : throw new CryptographicException("It holds no certificate.");
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new RigException(RigFault.UnusableInput, $"{file}: {broken.Message} --device-ca takes a PEM file with the certificate of an authority.");
        }
    }
}
