namespace HubEmulator.Tests.Fuzz;

/// <summary>What chance makes of good bytes.</summary>
internal static class Mutation
{
    private static readonly byte[] Telling = [0x00, 0x01, 0x7F, 0x80, 0xFF, (byte)'"', (byte)'{', (byte)'%', (byte)'/', (byte)'\n'];

    public static byte[] Noise(Random random, int most)
    {
        byte[] noise = new byte[random.Next(1, most)];
        random.NextBytes(noise);
        return noise;
    }

    public static byte[] Cut(Random random, byte[] good) => good[..random.Next(1, good.Length)];

    /// <summary>One to four changes: a byte becomes another, goes, comes, or a piece comes twice.</summary>
    public static byte[] Damage(Random random, byte[] good)
    {
        var bytes = new List<byte>(good);
        for (int change = random.Next(1, 5); change > 0 && bytes.Count > 0; change--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)random.Next(1, 256);
                    break;
                case 1:
                    bytes[at] = Telling[random.Next(Telling.Length)];
                    break;
                case 2:
                    bytes.RemoveAt(at);
                    break;
                case 3:
                    bytes.Insert(at, Telling[random.Next(Telling.Length)]);
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)));
                    break;
            }
        }

        return [.. bytes];
    }
}
