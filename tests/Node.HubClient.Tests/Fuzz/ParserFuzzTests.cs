using System.Text;
using CsCheck;
using Node.HubClient.Protocol;
using Node.HubClient.Transport;
using Node.HubClient.Upload;

namespace Node.HubClient.Tests.Fuzz;

/// <summary>No input makes a parser throw anything but what it documents. A failure prints the seed that repeats it.</summary>
public sealed class ParserFuzzTests
{
    private const int Rounds = 20_000;

    private static readonly Dictionary<string, Action<byte[]>> Parsers = new()
    {
        ["connection string"] = bytes => ParseConnectionString(Encoding.UTF8.GetString(bytes)),
        ["token expiry"] = bytes => SasToken.TryReadExpiry(Encoding.UTF8.GetString(bytes), out _),
        ["cloud-to-device topic"] = ReadDeviceBound,
        ["property bag"] = bytes => C2dTopic.ReadBag(bytes, new C2dMessage([], 0)),
        ["twin answer topic"] = ReadTwinAnswer,
        ["desired topic"] = bytes => Assert.True(!TwinTopic.TryParseDesired(bytes, out long version) || version >= 0),
        ["method topic"] = ReadMethodCall,
        ["twin version"] = bytes => TwinVersion.TryReadDesired(bytes, out _),
        ["percent-encoding"] = bytes => PercentEncoding.Decode(bytes),
        ["MQTT frame"] = ReadFrame,
        ["HTTP response"] = ReadResponse,
        ["provisioning topic"] = bytes => Assert.True(!DpsTopic.TryParseResponse(bytes, out int status, out int requestId, out _) || (status >= 100 && requestId >= 0)),
        ["provisioning answer"] = ReadProvisioning,
        ["upload address"] = ReadAddress,
    };

    public static TheoryData<string> AllParsers => [.. Parsers.Keys];

    [Theory, MemberData(nameof(AllParsers))]
    public void Any_bytes_are_parsed_or_refused(string parser) =>
        Inputs.Bytes.Sample(Parsers[parser], iter: Rounds, print: Inputs.Print);

    [Theory, MemberData(nameof(AllParsers))]
    public void Every_truncation_of_every_vector_is_parsed_or_refused(string parser)
    {
        foreach (byte[] vector in Vectors.Bytes)
        {
            for (int length = 0; length <= vector.Length; length++)
            {
                Exception? thrown = Record.Exception(() => Parsers[parser](vector[..length]));

                Assert.True(thrown is null, $"{Inputs.Print(vector[..length])} gave {thrown}");
            }
        }
    }

    [Theory, MemberData(nameof(AllParsers))]
    public void Every_single_change_of_every_vector_is_parsed_or_refused(string parser)
    {
        Action<byte[]> parse = Parsers[parser];
        foreach (byte[] vector in Vectors.Bytes)
        {
            for (int at = 0; at < vector.Length; at++)
            {
                foreach (byte value in (byte[])[0, (byte)'\n', (byte)'%', (byte)'&', (byte)'/', (byte)'9', (byte)'"', (byte)'{', 0x80, 0xFF, (byte)(vector[at] ^ 1), (byte)(vector[at] ^ 0x20)])
                {
                    byte[] changed = [.. vector];
                    changed[at] = value;

                    Exception? thrown = Record.Exception(() => parse(changed));

                    Assert.True(thrown is null, $"{Inputs.Print(changed)} gave {thrown}");
                }
            }
        }
    }

    /// <summary>Cut anywhere, a response is the same response, and whatever follows it is left over.</summary>
    private static void ReadResponse(byte[] bytes)
    {
        var whole = new HttpResponseReader();
        whole.Take(bytes);
        whole.End();
        var pieces = new HttpResponseReader();
        foreach (byte one in bytes)
        {
            pieces.Take([one]);
        }

        pieces.End();
        Assert.Equal((whole.IsComplete, whole.Head?.Status, whole.Fault is null), (pieces.IsComplete, pieces.Head?.Status, pieces.Fault is null));
        Assert.True(whole.Body.Span.SequenceEqual(pieces.Body.Span));
    }

    /// <summary>An operation id goes into a topic: never one that would change it.</summary>
    private static void ReadProvisioning(byte[] bytes)
    {
        DpsAnswer answer = DpsAnswer.Read(bytes);
        Assert.True(answer.OperationId is null || DpsTopic.Poll(1, answer.OperationId).AsSpan().ContainsAny("#+\0\n") is false);
    }

    /// <summary>A target goes into a request line: never one that would break it.</summary>
    private static void ReadAddress(byte[] bytes)
    {
        if (UploadMessages.TryReadAddress(bytes, out UploadAddress? address))
        {
            Assert.StartsWith("/", address!.Target, StringComparison.Ordinal);
            Assert.DoesNotContain(address.Target, letter => letter is <= ' ' or >= '\x7F');
            Assert.DoesNotContain(address.Host, letter => letter is <= ' ' or >= '\x7F' or '/');
            Assert.InRange(address.Port, 1, 65_535);
        }
    }

    [Fact]
    public void Any_text_is_a_connection_string_or_a_format_error() => Inputs.AnyText.Sample(ParseConnectionString, iter: Rounds);

    [Fact]
    public void Any_text_is_a_token_with_an_expiry_or_is_not() =>
        Gen.Select(Inputs.AnyText, Gen.Bool).Sample((text, scheme) => { SasToken.TryReadExpiry((scheme ? "SharedAccessSignature " : "") + text, out _); }, iter: Rounds);

    [Fact]
    public void Any_product_and_model_make_a_user_name_of_bare_characters() =>
        Gen.Select(Inputs.AnyText, Inputs.AnyText.Null()).Sample(
            (product, model) =>
            {
                string name = UserName.Build("contoso.azure-devices.net", "dev1", ProductName.For(product), model);

                Assert.Matches(@"^contoso\.azure-devices\.net/dev1/\?api-version=2020-09-30&DeviceClientType=[A-Za-z0-9!()*\-._%]+(&model-id=[A-Za-z0-9!()*\-._%]*)?$", name);
                Assert.StartsWith(Inputs.Wellformed(product) + " ", PercentEncoding.Decode(Encoding.ASCII.GetBytes(name.Split('=')[2].Split('&')[0])), StringComparison.Ordinal);
                Assert.Equal(model is not null, name.Contains("&model-id=", StringComparison.Ordinal));
            },
            iter: 5_000);

    [Theory]
    [InlineData("""{"\ud800esired":1,"desired":{"$version":4}}""")]
    [InlineData("""{"desired":{"\ud800abcdefgh":1,"$version":4}}""")]
    public void A_property_name_with_half_a_character_does_not_hide_the_version(string twin)
    {
        Assert.True(TwinVersion.TryReadDesired(Encoding.UTF8.GetBytes(twin), out long version));
        Assert.Equal(4, version);
    }

    private static void ParseConnectionString(string text)
    {
        try
        {
            DeviceConnectionString parsed = DeviceConnectionString.Parse(text);
            Assert.InRange(parsed.Identity.DeviceId.Length, 1, 128);
            Assert.True(parsed.Key is null || parsed.Token is null);
        }
        catch (FormatException)
        {
            return; // Documented; anything else fails the test.
        }
    }

    private static void ReadDeviceBound(byte[] topic)
    {
        if (new C2dTopic("dev1").TryParse(topic, out ReadOnlySpan<byte> bag))
        {
            var message = new C2dMessage([], 0);
            C2dTopic.ReadBag(bag, message);
            Assert.Distinct(message.Properties.Select(property => property.Key));
        }
    }

    private static void ReadTwinAnswer(byte[] topic) =>
        Assert.True(!TwinTopic.TryParseResponse(topic, out _, out int requestId) || requestId >= 0);

    private static void ReadMethodCall(byte[] topic)
    {
        if (MethodTopic.TryParse(topic, out string name, out string requestId))
        {
            Assert.NotEmpty(name);
            Assert.NotEmpty(requestId);
            Assert.Equal(Encoding.UTF8.GetString(topic), $"$iothub/methods/POST/{name}/?$rid={requestId}");
        }
    }

    private static void ReadFrame(byte[] bytes)
    {
        if (MqttFrame.TryRead(bytes, out MqttFrame frame, out bool malformed))
        {
            Assert.False(malformed);
            Assert.InRange(frame.BodyStart, 2, 5);
            Assert.InRange(frame.TotalLength, frame.BodyStart, bytes.Length);
        }
    }
}
