using System.Diagnostics;
using Node.Host.Cli;
using Node.Host.Composition;
using Node.Host.Machine;

MemoryCalls.KeepLittle();
TimeProvider time = TimeProvider.System;
using var process = Process.GetCurrentProcess();
TimeSpan ranBefore = time.GetLocalNow().DateTime - process.StartTime;
DateTimeOffset builtAt = Environment.ProcessPath is { } program ? File.GetLastWriteTimeUtc(program) : default;
return await NodeCommandLine.RunAsync(
    args, new NodeClock(time, builtAt, ranBefore > TimeSpan.Zero ? ranBefore : TimeSpan.Zero, KernelClock.IsDisciplined, KernelClock.IsBoard()));
