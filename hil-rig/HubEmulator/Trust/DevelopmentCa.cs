using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using HubEmulator.State;

namespace HubEmulator.Trust;

/// <summary>
/// The hub's own certificate authority: made once for a data folder, so that a client keeps its trust over restarts,
/// and used to issue a server certificate at each start.
/// </summary>
internal sealed class DevelopmentCa : IDisposable
{
    public const string FileName = "ca.pem";
    public const string KeyFileName = "ca-key.pem";
    private const string Localhost = "localhost";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private static readonly TimeSpan Backdated = TimeSpan.FromDays(1);
    private static readonly TimeSpan ServerLifetime = TimeSpan.FromDays(397);

    private readonly X509Certificate2 _authority;

    private DevelopmentCa(X509Certificate2 authority) => _authority = authority;

    /// <summary>Takes the authority out of the folder; makes one where there is none, or none that is valid today.</summary>
    /// <exception cref="LocalHubException">The files cannot be read or written.</exception>
    public static DevelopmentCa Open(DataFolder folder, DateTimeOffset now)
    {
        if (folder.TryReadText(FileName) is { } certificate && folder.TryReadText(KeyFileName) is { } key)
        {
            X509Certificate2 found = Read(folder, certificate, key);
            if (found.NotBefore <= now.LocalDateTime && now.LocalDateTime < found.NotAfter)
            {
                return new DevelopmentCa(found);
            }

            found.Dispose();
        }

        return new DevelopmentCa(Make(folder, now));
    }

    /// <summary>A copy of the authority's certificate, without its key.</summary>
    public X509Certificate2 Certificate => X509CertificateLoader.LoadCertificate(_authority.RawData);

    /// <summary>Issues a certificate for the host name, <c>localhost</c>, both loopback addresses and the address that the hub listens on.</summary>
    public X509Certificate2 IssueServerCertificate(string hostName, IPAddress address, DateTimeOffset now)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName("CN=SensorNode local hub"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        request.CertificateExtensions.Add(AlternativeNames(hostName, address));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_authority, true, false));

        DateTimeOffset begin = Latest(now - Backdated, _authority.NotBefore);
        DateTimeOffset end = Earliest(now + ServerLifetime, _authority.NotAfter);
        using X509Certificate2 issued = request.Create(_authority, begin, end, SerialNumber());
        using X509Certificate2 withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null); // TLS on Windows refuses a key that lives in memory only
    }

    public DeviceCertificate IssueDeviceCertificate(string commonName, DateTimeOffset now, TimeSpan lifetime) => DeviceCertificate.Issue(commonName, _authority, now, lifetime);

    public void Dispose() => _authority.Dispose();

    private static X509Certificate2 Read(DataFolder folder, string certificate, string key)
    {
        try
        {
            return X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (CryptographicException broken)
        {
            throw new LocalHubException(
                LocalHubFault.DataFolderUnusable,
                $"{folder.PathOf(FileName)}: {broken.Message} Delete it and {KeyFileName} to have a new authority made.",
                broken);
        }
    }

    private static X509Certificate2 Make(DataFolder folder, DateTimeOffset now)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName("CN=SensorNode development CA"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        X509Certificate2 authority = request.CreateSelfSigned(now - Backdated, now.AddYears(10));
        folder.Write(KeyFileName, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"), secret: true);
        folder.Write(FileName, Encoding.ASCII.GetBytes(authority.ExportCertificatePem() + "\n"), secret: false);
        return authority;
    }

    private static X509Extension AlternativeNames(string hostName, IPAddress address)
    {
        var names = new SubjectAlternativeNameBuilder();
        IPAddress named = IPAddress.TryParse(hostName, out IPAddress? hostAddress) ? hostAddress : IPAddress.Loopback;
        foreach (string name in new HashSet<string>(StringComparer.OrdinalIgnoreCase) { hostAddress is null ? hostName : Localhost, Localhost })
        {
            names.AddDnsName(name);
        }

        bool everywhere = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
        foreach (IPAddress one in new HashSet<IPAddress> { IPAddress.Loopback, IPAddress.IPv6Loopback, named, everywhere ? IPAddress.Loopback : address })
        {
            names.AddIpAddress(one);
        }

        return names.Build();
    }

    public static byte[] SerialNumber()
    {
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40); // positive, and no leading zero
        return serial;
    }

    private static DateTimeOffset Latest(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private static DateTimeOffset Earliest(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;
}
