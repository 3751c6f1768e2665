namespace Node.Sensors.Bus;

/// <summary>What kind of thing went wrong between the node and a chip. Decides whether a repetition is worth the time.</summary>
public enum SensorFault
{
    /// <summary>Nothing answered at the address (errno 121 on the Pi's own controller, errno 6 on other adapters).</summary>
    NoAcknowledge,

    /// <summary>The clock line was held low for too long, or the controller gave up waiting (errno 110).</summary>
    Timeout,

    /// <summary>Another master took the bus in the middle of the transfer (errno 11).</summary>
    ArbitrationLost,

    /// <summary>The controller reported an error that says nothing more exact (errno 5, or a code not known here).</summary>
    BusFailure,

    /// <summary>The bus cannot be opened or cannot do plain transfers: node absent, no permission, wrong adapter (errno 2, 6 and 19 at open, 13, 95).</summary>
    BusUnavailable,

    /// <summary>A chip answered, and its identity is not the configured chip's.</summary>
    WrongId,

    /// <summary>A checksum sent by the chip does not match its data.</summary>
    ChecksumMismatch,

    /// <summary>The chip's factory calibration is impossible, such as all zeros or all ones.</summary>
    BadCalibration,

    /// <summary>The chip answered with a value outside its operating range, or one that its formula cannot turn into a quantity.</summary>
    OutOfRange,

    /// <summary>The chip did not finish a conversion or its start-up in twice the longest time that its datasheet allows.</summary>
    NotReady,
}
