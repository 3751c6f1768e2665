using System.Globalization;
using System.Text;
using Node.Benchmarks;
using Node.Benchmarks.Brokers;
using Node.Benchmarks.Peers;
using Node.Benchmarks.Report;

// A small program around the client, the same source natively compiled and not: `once PORT ROOT` connects, has one message confirmed and ends;
// `resident PORT ROOT` stays for a second, idle, and prints what it occupies. ROOT is the broker's root certificate as PEM, base64 coded.
var endpoint = new Endpoint(int.Parse(args[1], CultureInfo.InvariantCulture), Encoding.ASCII.GetString(Convert.FromBase64String(args[2])));
using var peer = OwnPeer.To(endpoint);
peer.Connect();
if (args[0] == "once")
{
    peer.Send(1, 1);
    return;
}

for (int turn = 0; turn < 10; turn++)
{
    peer.Client.DoWork();
    Pause.For(TimeSpan.FromMilliseconds(100));
}

Console.Out.Write(string.Create(CultureInfo.InvariantCulture, $"{Rollup.Kilobytes("Rss:")} {Rollup.Kilobytes("Private_Dirty:")}"));
