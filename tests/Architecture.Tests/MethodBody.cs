using System.Reflection.Emit;
using System.Reflection.Metadata;

namespace Architecture.Tests;

/// <summary>Walks the instructions of a method body for the metadata tokens they name: ECMA-335, partition III.</summary>
internal static class MethodBody
{
    private static readonly Dictionary<short, OpCode> Instructions = typeof(OpCodes)
        .GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(instruction => instruction.Value);

    public static IEnumerable<int> Tokens(BlobReader code)
    {
        var tokens = new List<int>();
        while (code.RemainingBytes > 0)
        {
            short value = code.ReadByte();
            if (value == 0xFE)
            {
                value = unchecked((short)(0xFE00 | code.ReadByte()));
            }
            ReadOperand(Instructions[value].OperandType, ref code, tokens);
        }
        return tokens;
    }

    private static void ReadOperand(OperandType kind, ref BlobReader code, List<int> tokens)
    {
        switch (kind)
        {
            case OperandType.InlineNone:
                break;
            case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                code.Offset += 1;
                break;
            case OperandType.InlineVar:
                code.Offset += 2;
                break;
            case OperandType.InlineI8 or OperandType.InlineR:
                code.Offset += 8;
                break;
            case OperandType.InlineSwitch:
                int targets = code.ReadInt32();
                code.Offset += 4 * targets;
                break;
            case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                tokens.Add(code.ReadInt32());
                break;
            default:
                code.Offset += 4; // branch targets, 32-bit constants, strings, stand-alone signatures
                break;
        }
    }
}
