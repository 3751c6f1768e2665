namespace HilRig;

/// <summary>What the program answers to its caller: scripts rely on these.</summary>
internal static class ExitCodes
{
    public const int Passed = 0;
    public const int Failed = 1;
    public const int Unusable = 2;
}
