using System.Buffers.Binary;
using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>What the driver says to a BH1750 and reads of it: one opcode a transaction, one data register. Owns the transfers.</summary>
internal sealed class Bh1750Port(I2cTransfers transfers, TimeProvider time) : IDisposable
{
    /// <summary>Bus and address, to begin an error text with.</summary>
    public string Place => transfers.Place;

    /// <summary>Ends what another program may have started, and looks whether it is such a chip at all.</summary>
    public void Identify()
    {
        transfers.Write(Bh1750Command.PowerDown);
        transfers.Write(Bh1750Command.PowerOn);
        transfers.Write(Bh1750Command.ResetData);
        RequireEmptyData();
    }

    /// <summary>Nothing is taken for granted, so a brown-out since the last measurement does no harm. The chip takes one opcode a transaction.</summary>
    public void Start(Bh1750Exposure exposure, byte measure)
    {
        transfers.Write(Bh1750Command.PowerDown);
        transfers.Write(Bh1750Command.PowerOn);
        transfers.Write(Bh1750Command.MeasurementTimeHigh(exposure.MeasurementTime));
        transfers.Write(Bh1750Command.MeasurementTimeLow(exposure.MeasurementTime));
        transfers.Write(Bh1750Command.ResetData);
        transfers.Write(measure);
    }

    /// <summary>Reading too early gives the old register content, which was set to zero: what is not zero is new. Zero counts only after the longest time.</summary>
    public async Task<int> WaitForDataAsync(Bh1750Exposure exposure, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        await Task.Delay(exposure.TypicalTime, time, cancellationToken);
        int raw = ReadData();
        while (raw == 0 && time.GetElapsedTime(start) < exposure.MaximumTime)
        {
            await Task.Delay(exposure.PollPeriod, time, cancellationToken);
            raw = ReadData();
        }

        return raw;
    }

    public int ReadData()
    {
        Span<byte> data = stackalloc byte[2];
        transfers.Read(data);
        return BinaryPrimitives.ReadUInt16BigEndian(data);
    }

    public void Dispose() => transfers.Dispose();

    /// <summary>The nearest thing to an identity: a chip that has just been told to empty its data register, and measures nothing, shows zero.</summary>
    private void RequireEmptyData()
    {
        int data = ReadData();
        if (data == 0) { return; }

        string text = data == 0xFFFF
            ? "answers with ones only, so the data line seems stuck: check wiring and pull-up resistors"
            : string.Create(CultureInfo.InvariantCulture, $"shows 0x{data:X4} where a BH1750 has an empty data register: another chip has this address; configure that chip, or change the address strap");
        throw new SensorException(SensorFault.WrongId, $"{transfers.Place}: {text}.");
    }
}
