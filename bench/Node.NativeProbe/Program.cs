using System.Globalization;
using System.Text;
using Node.Benchmarks;
using Node.Benchmarks.Brokers;
using Node.Benchmarks.Peers;
using Node.Benchmarks.Report;

// A small program around the client, the same source natively compiled and not: `once PORT ROOT` connects, has one message confirmed and ends;
// `resident PORT ROOT` stays for a second, idle, and prints what it occupies; `rate PORT ROOT` sends 400,000 messages, 100 unacknowledged at most, after
// 20,000, and prints messages a second and CPU µs a message. ROOT is the broker's root certificate as PEM, base64 coded.
var endpoint = new Endpoint(int.Parse(args[1], CultureInfo.InvariantCulture), Encoding.ASCII.GetString(Convert.FromBase64String(args[2])));
using var peer = OwnPeer.To(endpoint);
peer.Connect();
if (args[0] == "once")
{
    peer.Send(1, 1);
    return;
}

if (args[0] == "rate")
{
    const int Measured = 400_000;
    peer.Send(20_000, 100);
    TimeSpan cpu = Environment.CpuUsage.TotalTime;
    long start = TimeProvider.System.GetTimestamp();
    peer.Send(Measured, 100);
    double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    Console.Out.Write(string.Create(CultureInfo.InvariantCulture, $"{Measured / seconds:0} {(Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / Measured:0.000}"));
    return;
}

for (int turn = 0; turn < 10; turn++)
{
    peer.Client.DoWork();
    Pause.For(TimeSpan.FromMilliseconds(100));
}

Console.Out.Write(string.Create(CultureInfo.InvariantCulture, $"{Rollup.Kilobytes("Rss:")} {Rollup.Kilobytes("Private_Dirty:")}"));
