using Hub.Benchmarks;

return await ScaleCommandLine.Build().Parse(args).InvokeAsync();
