using Node.Host.Configuration;
using Node.Host.Spool;

namespace Node.Host.Tests.Spool;

public sealed class SpoolLimitsTests
{
    public static TheoryData<string> OutOfRange => ["CapacityBytes", "DropPolicy", "MaxAge", "CommitDelay"];

    [Theory, MemberData(nameof(OutOfRange))]
    public void A_limit_out_of_range_is_named_as_the_setting_that_it_comes_from(string name)
    {
        SpoolLimits limits = name switch
        {
            "CapacityBytes" => new SpoolLimits { CapacityBytes = 17 },
            "DropPolicy" => new SpoolLimits { DropPolicy = (DropPolicy)17 },
            "MaxAge" => new SpoolLimits { MaxAge = TimeSpan.FromDays(-1) },
            _ => new SpoolLimits { CommitDelay = TimeSpan.FromHours(1) },
        };

        ArgumentException refused = Assert.Throws<ArgumentException>(limits.ThrowIfOutOfRange);

        string setting = refused.Message.Split(' ')[0];
        Assert.EndsWith(name, setting, StringComparison.Ordinal);
        Assert.NotNull(SettingPurposes.Of(setting));
    }
}
