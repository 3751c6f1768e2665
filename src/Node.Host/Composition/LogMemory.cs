using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Node.Host.Logging;

namespace Node.Host.Composition;

/// <summary>The newest log lines, for the cloud and for the support bundle, and the level that the cloud may change.</summary>
internal static class LogMemory
{
    public static IServiceCollection AddLogMemory(this IServiceCollection services, LogRing ring, LogLevelSwitch level, TimeProvider time) => services
        .AddSingleton(level)
        .AddSingleton<IPostConfigureOptions<LoggerFilterOptions>>(level)
        .AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(level)
        .AddSingleton(ring)
        .AddSingleton<ILoggerProvider>(_ => new FoldedRing(ring, time));
}
