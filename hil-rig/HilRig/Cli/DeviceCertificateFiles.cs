using System.Security.Cryptography;
using HubEmulator;

namespace HilRig.Cli;

/// <summary>Where a device's certificate and its private key lie, as PEM files that every SDK takes.</summary>
/// <param name="CertificateFile">The certificate.</param>
/// <param name="KeyFile">The private key, readable by its owner only.</param>
internal sealed record DeviceCertificateFiles(string CertificateFile, string KeyFile)
{
    /// <summary>The files of a device in a folder; characters that a file name cannot have are escaped.</summary>
    public static DeviceCertificateFiles In(string folder, string deviceId)
    {
        string name = Uri.EscapeDataString(deviceId);
        return new DeviceCertificateFiles(Path.Combine(folder, $"{name}.pem"), Path.Combine(folder, $"{name}-key.pem"));
    }

    public bool Exist => File.Exists(CertificateFile) && File.Exists(KeyFile);

    /// <summary>Writes both, in place of what is there.</summary>
    public void Write(DeviceCertificate certificate)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(CertificateFile)!);
        File.Delete(KeyFile); // the mode counts only for a file that is made
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var key = new StreamWriter(KeyFile, options))
        {
            key.Write(certificate.KeyPem);
        }

        File.WriteAllText(CertificateFile, certificate.CertificatePem);
    }

    /// <summary>The thumbprint of the certificate in a file.</summary>
    /// <exception cref="RigException">The file cannot be read, or holds no certificate.</exception>
    public static string ThumbprintOf(string file)
    {
        try
        {
            return DeviceCertificate.ThumbprintOf(File.ReadAllText(file));
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new RigException(RigFault.UnusableInput, $"{file}: {broken.Message} Give a PEM file with the device's certificate, or its thumbprint.");
        }
    }
}
