using System.Globalization;

namespace HubEmulator.Mqtt;

/// <summary>
/// The user name of a device's CONNECT: <c>{host}/{device}/?api-version={v}[&amp;…]</c>, the same with a module after the device,
/// the older form without the question mark, and the bare <c>{host}/{device}</c>. The order of parameters differs by SDK; unknown ones are ignored.
/// </summary>
internal sealed record MqttUserName(string Host, string DeviceId, string? ModuleId, string? ApiVersion, string? ModelId)
{
    private static readonly DateOnly FirstApiVersion = new(2016, 11, 14);

    /// <summary>False for the bare form, which connects but has neither twin nor methods.</summary>
    public bool HasApiVersion => ApiVersion is not null;

    public static bool TryParse(string? text, out MqttUserName userName)
    {
        userName = null!;
        string whole = text ?? "";
        int cut = whole.IndexOf("/?", StringComparison.Ordinal);
        cut = cut >= 0 ? cut : whole.IndexOf("/api-version=", StringComparison.Ordinal);
        string[] names = (cut < 0 ? whole : whole[..cut]).Split('/');
        if (names.Length is < 2 or > 3 || names.Contains(""))
        {
            return false;
        }

        string? version = null;
        string? model = null;
        if (cut >= 0 && !TryReadParameters(whole[(cut + 1)..], out version, out model))
        {
            return false;
        }

        userName = new MqttUserName(names[0], names[1], names.Length == 3 ? names[2] : null, version, model);
        return true;
    }

    private static bool TryReadParameters(string text, out string? version, out string? model)
    {
        version = null;
        model = null;
        foreach (string parameter in text.TrimStart('?').Split('&'))
        {
            int equals = parameter.IndexOf('=', StringComparison.Ordinal);
            string value = equals < 0 ? "" : Uri.UnescapeDataString(parameter[(equals + 1)..]);
            switch (equals < 0 ? "" : parameter[..equals])
            {
                case "api-version":
                    version = value;
                    break;
                case "model-id" when value.Length > 0:
                    model = value;
                    break;
                default:
                    break;
            }
        }

        return version is not null && IsApiVersion(version);
    }

    /// <summary>A date from 2016-11-14 on, with or without <c>-preview</c>.</summary>
    public static bool IsApiVersion(string text)
    {
        const string Preview = "-preview";
        string date = text.EndsWith(Preview, StringComparison.Ordinal) ? text[..^Preview.Length] : text;
        return DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            && day >= FirstApiVersion;
    }
}
