using Node.Benchmarks;
using Node.Benchmarks.Children;

return args is [Probe.Word, ..] ? Probe.Answer(args) : BenchCommandLine.Build().Parse(args).Invoke();
