using System.Buffers.Binary;
using System.Runtime.InteropServices;
using JanServer.Sandbox.Isolation;

namespace JanServer.Sandbox.Tests.Isolation;

public sealed class SeccompTests
{
    private const uint X64 = 0xC000003E;
    private const uint Arm64 = 0xC00000B7;
    private const uint Allow = 0x7fff0000;
    private const uint Kill = 0x80000000;
    private const uint NotPermitted = 0x00050001;
    private const uint NoSuchCall = 0x00050026;

    [Theory]
    [InlineData(Architecture.X64, X64, 0u, 0ul, Allow)] // read
    [InlineData(Architecture.X64, X64, 165u, 0ul, NotPermitted)] // mount
    [InlineData(Architecture.X64, X64, 321u, 0ul, NotPermitted)] // bpf
    [InlineData(Architecture.X64, X64, 41u, 1ul, Allow)] // socket(AF_UNIX)
    [InlineData(Architecture.X64, X64, 41u, 2ul, NotPermitted)] // socket(AF_INET)
    [InlineData(Architecture.X64, X64, 56u, 17ul, Allow)] // clone(SIGCHLD)
    [InlineData(Architecture.X64, X64, 56u, 0x10000011ul, NotPermitted)] // clone(CLONE_NEWUSER)
    [InlineData(Architecture.X64, X64, 435u, 0ul, NoSuchCall)] // clone3
    [InlineData(Architecture.X64, X64, 0x40000000u, 0ul, Kill)] // x32
    [InlineData(Architecture.X64, 0x40000003u, 1u, 0ul, Kill)] // i386
    [InlineData(Architecture.Arm64, Arm64, 63u, 0ul, Allow)] // read
    [InlineData(Architecture.Arm64, Arm64, 40u, 0ul, NotPermitted)] // mount
    [InlineData(Architecture.Arm64, Arm64, 280u, 0ul, NotPermitted)] // bpf
    [InlineData(Architecture.Arm64, Arm64, 198u, 1ul, Allow)] // socket(AF_UNIX)
    [InlineData(Architecture.Arm64, Arm64, 198u, 10ul, NotPermitted)] // socket(AF_INET6)
    [InlineData(Architecture.Arm64, Arm64, 220u, 0x20000ul, NotPermitted)] // clone(CLONE_NEWNS)
    [InlineData(Architecture.Arm64, Arm64, 435u, 0ul, NoSuchCall)] // clone3
    [InlineData(Architecture.Arm64, X64, 0u, 0ul, Kill)]
    public void A_call_is_judged(Architecture machine, uint audited, uint number, ulong firstArgument, uint verdict) =>
        Assert.Equal(verdict, Run(Seccomp.Program(machine), audited, number, firstArgument));

    [Theory]
    [InlineData(Architecture.X64)]
    [InlineData(Architecture.Arm64)]
    public void Every_refused_call_is_refused(Architecture machine)
    {
        var calls = SystemCalls.Of(machine);
        var program = Seccomp.Program(machine);

        Assert.All(calls.Refused, number => Assert.Equal(NotPermitted, Run(program, calls.AuditArchitecture, number, 0)));
    }

    [Fact]
    public void Another_processor_has_no_program() => Assert.Throws<PlatformNotSupportedException>(() => Seccomp.Program(Architecture.Wasm));

    /// <summary>A classic BPF machine, as far as the program uses one.</summary>
    private static uint Run(byte[] program, uint architecture, uint number, ulong firstArgument)
    {
        var accumulator = 0u;
        for (var i = 0; i < program.Length / 8; i++)
        {
            var instruction = program.AsSpan(i * 8, 8);
            var operand = BinaryPrimitives.ReadUInt32LittleEndian(instruction[4..]);
            switch (BinaryPrimitives.ReadUInt16LittleEndian(instruction))
            {
                case 0x20:
                    accumulator = operand switch { 0 => number, 4 => architecture, _ => (uint)firstArgument };
                    break;
                case 0x15:
                    i += accumulator == operand ? instruction[2] : instruction[3];
                    break;
                case 0x35:
                    i += accumulator >= operand ? instruction[2] : instruction[3];
                    break;
                case 0x45:
                    i += (accumulator & operand) != 0 ? instruction[2] : instruction[3];
                    break;
                default:
                    return operand;
            }
        }

        throw new InvalidOperationException("The program has no end.");
    }
}
