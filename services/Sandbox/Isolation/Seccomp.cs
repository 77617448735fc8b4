using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace JanServer.Sandbox.Isolation;

/// <summary>
/// The system calls that code may not make, as a classic BPF program (seccomp(2)) for <c>bwrap --seccomp</c>. What is refused is
/// EPERM, so that programs see an error they know; a call of another architecture kills the process.
/// </summary>
internal static class Seccomp
{
    private const ushort LoadWord = 0x20;
    private const ushort JumpIfEqual = 0x15;
    private const ushort JumpIfGreaterOrEqual = 0x35;
    private const ushort JumpIfAnyBit = 0x45;
    private const ushort Return = 0x06;

    private const uint Allow = 0x7fff0000;
    private const uint Kill = 0x80000000;
    private const uint NotPermitted = 0x00050000 | 1;
    private const uint NoSuchCall = 0x00050000 | 38;

    // struct seccomp_data: the call's number, the architecture, the instruction pointer, six arguments of 64 bits.
    private const uint NumberOffset = 0;
    private const uint ArchitectureOffset = 4;
    private const uint FirstArgumentOffset = 16;

    private const uint UnixFamily = 1;

    // CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.
    private const uint NamespaceFlags = 0x7E020000;

    /// <summary>The program for the processor of this process.</summary>
    /// <exception cref="PlatformNotSupportedException">It is neither x86-64 nor arm64.</exception>
    public static byte[] Program() => Program(RuntimeInformation.ProcessArchitecture);

    /// <summary>The program for a processor.</summary>
    /// <exception cref="PlatformNotSupportedException">It is neither x86-64 nor arm64.</exception>
    public static byte[] Program(Architecture architecture)
    {
        var calls = SystemCalls.Of(architecture);
        List<byte[]> program =
        [
            Instruction(LoadWord, 0, 0, ArchitectureOffset),
            Instruction(JumpIfEqual, 1, 0, calls.AuditArchitecture),
            Instruction(Return, 0, 0, Kill),
            Instruction(LoadWord, 0, 0, NumberOffset),
        ];
        if (architecture == Architecture.X64)
        {
            // The x32 calls have numbers of their own, which the list below does not name.
            program.Add(Instruction(JumpIfGreaterOrEqual, 0, 1, 0x40000000));
            program.Add(Instruction(Return, 0, 0, Kill));
        }

        foreach (var number in calls.Refused)
        {
            program.Add(Instruction(JumpIfEqual, 0, 1, number));
            program.Add(Instruction(Return, 0, 0, NotPermitted));
        }

        // Its flags are behind a pointer, where no filter sees them. The C library then uses clone.
        program.Add(Instruction(JumpIfEqual, 0, 1, SystemCalls.Clone3));
        program.Add(Instruction(Return, 0, 0, NoSuchCall));

        program.Add(Instruction(JumpIfEqual, 0, 4, calls.CloneCall));
        program.Add(Instruction(LoadWord, 0, 0, FirstArgumentOffset));
        program.Add(Instruction(JumpIfAnyBit, 0, 1, NamespaceFlags));
        program.Add(Instruction(Return, 0, 0, NotPermitted));
        program.Add(Instruction(LoadWord, 0, 0, NumberOffset));

        program.Add(Instruction(JumpIfEqual, 0, 3, calls.SocketCall));
        program.Add(Instruction(LoadWord, 0, 0, FirstArgumentOffset));
        program.Add(Instruction(JumpIfEqual, 1, 0, UnixFamily));
        program.Add(Instruction(Return, 0, 0, NotPermitted));

        program.Add(Instruction(Return, 0, 0, Allow));
        return [.. program.SelectMany(instruction => instruction)];
    }

    /// <summary>struct sock_filter; the kernel reads it in the byte order of the machine, which is little-endian on both.</summary>
    private static byte[] Instruction(ushort code, byte ifTrue, byte ifFalse, uint operand)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, code);
        bytes[2] = ifTrue;
        bytes[3] = ifFalse;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), operand);
        return bytes;
    }
}
