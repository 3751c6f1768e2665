namespace Node.Sensors.Emulation;

/// <summary>What can go wrong with an emulated chip or bus. Which of them a driver can see is told in <c>docs/board-file.md</c>.</summary>
public enum BusFaultKind
{
    /// <summary>The chip does not acknowledge its address: errno 121, or another that adapters give. I2C only.</summary>
    NoAcknowledge,

    /// <summary>The chip takes the first bytes of a write and does not acknowledge the next: errno 121. I2C only.</summary>
    NoAcknowledgeAtByte,

    /// <summary>The chip holds the clock line; beyond the controller's patience errno 110, else the transfer only takes longer. I2C only.</summary>
    ClockStretch,

    /// <summary>The transfer is begun and never ends: errno 110.</summary>
    Timeout,

    /// <summary>The controller reports an error of its own, errno 5 unless another is named. The chip sees nothing of the transfer.</summary>
    Error,

    /// <summary>Bits change on the way.</summary>
    BitFlips,

    /// <summary>Checksums that the chip sends do not match its data.</summary>
    ChecksumErrors,

    /// <summary>The identity register shows another chip's.</summary>
    WrongId,

    /// <summary>The data line is held low, so every transfer of the bus fails with errno 110, until nine clock pulses or the fault's end. I2C only.</summary>
    StuckBus,

    /// <summary>The supply fails for the fault's duration, or for an instant; the chip then starts up anew.</summary>
    BrownOut,

    /// <summary>The chip goes on measuring the world of the moment when the fault began.</summary>
    StaleValue,

    /// <summary>Conversions that begin during the fault take a multiple of their time.</summary>
    SlowConversion,

    /// <summary>The quantity is far beyond what the chip can show.</summary>
    Saturation,

    /// <summary>The quantity moves away from the truth, ever further.</summary>
    Drift,

    /// <summary>The chip is pulled out, and with the fault's end put in again.</summary>
    Unplug,
}
