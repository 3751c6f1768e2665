using HilRig.Cli;

using var stop = new StopSignal();
return await RigCommandLine.InvokeAsync(args, stop.Token);
