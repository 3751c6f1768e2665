using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Node.HubClient.Connection;
using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests.Provisioning;

/// <summary>Registrations on a scripted transport and a virtual clock.</summary>
public sealed class DpsClientTests : IDisposable
{
    private const string Key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private const string Assigned =
        """{"operationId":"5.op","status":"assigned","registrationState":{"assignedHub":"myhub.azure-devices.net","deviceId":"sn-007","substatus":"initialAssignment","payload":{"a":1}}}""";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly ScriptedTransport _service = new();
    private readonly List<ConnectionStatusChange> _statuses = [];
    private readonly List<DpsResult> _results = [];
    private DpsClient _client;

    public DpsClientTests() => _client = Client(new DpsConfig { IdScope = "0ne00000000", RegistrationId = "sn-007", SymmetricKey = Key });

    [Fact]
    public void A_registration_asks_polls_and_ends_with_what_Create_needs()
    {
        Subscribe();
        Assert.Equal(("$dps/registrations/PUT/iotdps-register/?$rid=1", """{"registrationId":"sn-007"}"""), Last());
        Answer("202", 1, """{"operationId":"5.op","status":"assigning"}""", "&retry-after=3");
        Advance(2.9);
        Assert.Single(_service.Published);
        Advance(0.1);
        Assert.Equal("$dps/registrations/GET/iotdps-get-operationstatus/?$rid=2&operationId=5.op", Last().Topic);

        Answer("200", 2, Assigned);

        DpsResult result = Assert.Single(_results);
        Assert.Equal((DpsStatus.Assigned, "myhub.azure-devices.net", "sn-007", "initialAssignment", """{"a":1}"""), (result.Status, result.AssignedHub, result.DeviceId, result.Substatus, result.PayloadJson));
        Assert.Equal(new DeviceConfig { HostName = "myhub.azure-devices.net", DeviceId = "sn-007", SharedAccessKey = Key }, result.ToDeviceConfig());
        Assert.Equal(1, _service.PoliteCloses);
        Assert.False(_client.DoWork().AwaitingAnswers);
    }

    [Fact]
    public void The_connection_names_scope_and_registration_and_proves_the_key()
    {
        Subscribe();

        ConnectRequest request = _service.Opened[0];
        Assert.Equal("sn-007", request.ClientId);
        Assert.StartsWith("0ne00000000/registrations/sn-007/api-version=2019-03-31&ClientVersion=", request.UserName, StringComparison.Ordinal);
        Assert.True(request.CleanSession);
        const string Resource = "0ne00000000%2Fregistrations%2Fsn-007";
        string signature = Uri.EscapeDataString(Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Key), Encoding.UTF8.GetBytes($"{Resource}\n1767229200"))));
        Assert.Equal($"SharedAccessSignature sr={Resource}&sig={signature}&se=1767229200&skn=registration", request.Password, ignoreCase: true);
        Assert.Equal(["$dps/registrations/res/#"], Assert.Single(_service.Subscribed).Filters);
    }

    [Fact]
    public void A_group_key_becomes_the_devices_own_key()
    {
        string own = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Key), "sn-007"u8));
        Assert.Equal(own, DpsClient.DeriveDeviceKey(Key, "sn-007"));
        _client = Client(new DpsConfig { IdScope = "0ne00000000", RegistrationId = "sn-007", GroupKey = Key });

        Subscribe();
        Answer("200", 1, Assigned);

        Assert.Equal(own, _results[0].ToDeviceConfig().SharedAccessKey);
    }

    [Fact]
    public void A_certificate_takes_no_token_and_ends_in_the_result()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=sn-007", key, HashAlgorithmName.SHA256).CreateSelfSigned(_clock.GetUtcNow(), _clock.GetUtcNow().AddDays(1));
        _client = Client(new DpsConfig { IdScope = "0ne00000000", RegistrationId = "sn-007", Certificate = certificate });

        Subscribe();
        Answer("200", 1, Assigned);

        Assert.Null(_service.Opened[0].Password);
        Assert.Same(certificate, _service.Opened[0].Certificate!.Own);
        Assert.Same(certificate, _results[0].ToDeviceConfig().Certificate);
    }

    [Fact]
    public void A_security_module_signs_and_its_result_is_for_CreateFromDeviceAuth()
    {
        _client = Client(new DpsConfig { IdScope = "0ne00000000", RegistrationId = "sn-007", Authentication = new Module() });

        Subscribe();
        Answer("200", 1, Assigned);

        Assert.Contains("CreateFromDeviceAuth", Assert.Throws<InvalidOperationException>(_results[0].ToDeviceConfig).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_payload_goes_along()
    {
        _client = Client(new DpsConfig { IdScope = "0ne00000000", RegistrationId = "sn-007", SymmetricKey = Key, PayloadJson = """{"site":"north"}""" });

        Subscribe();

        Assert.Equal("""{"registrationId":"sn-007","payload":{"site":"north"}}""", Last().Payload);
    }

    [Theory]
    [InlineData("200", """{"status":"disabled","registrationState":{}}""", DpsStatus.Disabled)]
    [InlineData("200", """{"status":"unassigned","registrationState":{}}""", DpsStatus.Unassigned)]
    [InlineData("200", """{"status":"failed","registrationState":{"errorCode":400208,"errorMessage":"no hub fits"}}""", DpsStatus.Failed)]
    [InlineData("401", """{"errorCode":401002,"trackingId":"t-1","message":"Unauthorized"}""", DpsStatus.Refused)]
    [InlineData("404", """{"errorCode":404201,"message":"Not found"}""", DpsStatus.Refused)]
    [InlineData("400", "no JSON at all", DpsStatus.Refused)]
    public void An_answer_that_is_final_ends_the_registration(string status, string body, DpsStatus expected)
    {
        Subscribe();

        Answer(status, 1, body);

        DpsResult result = Assert.Single(_results);
        Assert.Equal(expected, result.Status);
        Assert.NotEmpty(result.Detail);
        Assert.Throws<InvalidOperationException>(result.ToDeviceConfig);
        Assert.Equal(1, _service.PoliteCloses);
    }

    [Fact]
    public void The_services_own_words_and_codes_are_passed_on()
    {
        Subscribe();

        Answer("401", 1, """{"errorCode":401002,"trackingId":"t-1","message":"Unauthorized"}""");

        Assert.Equal((401, 401002, "t-1"), (_results[0].RawStatus, _results[0].ErrorCode, _results[0].TrackingId));
        Assert.Contains("401002: Unauthorized", _results[0].Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("429")]
    [InlineData("500")]
    [InlineData("503")]
    public void A_service_that_is_busy_is_asked_again_no_sooner_than_it_says(string status)
    {
        Subscribe();
        Answer(status, 1, "{}", "&retry-after=40");
        Advance(39.9);
        Assert.Single(_service.Published);

        Advance(0.1);

        Assert.Equal("$dps/registrations/PUT/iotdps-register/?$rid=2", Last().Topic);
        Assert.Empty(_results);
    }

    [Fact]
    public void A_busy_service_that_names_no_time_is_asked_less_and_less()
    {
        Subscribe();
        var waits = new List<double>();
        for (int request = 1; request <= 8; request++)
        {
            Answer("503", request, "");
            waits.Add(_client.DoWork().NextDue.TotalSeconds);
            Advance(waits[^1]);
        }

        Assert.Equal([2, 4, 8, 16, 32, 64, 64, 64], waits);
    }

    [Fact]
    public void A_lost_connection_comes_back_to_the_same_operation()
    {
        Subscribe();
        Answer("202", 1, """{"operationId":"5.op","status":"assigning"}""");

        _service.Lose();
        _client.DoWork();
        Subscribe();

        Assert.Contains("operationId=5.op", Last().Topic, StringComparison.Ordinal);
        Assert.Equal([ConnectionStatus.Authenticated, ConnectionStatus.Unauthenticated, ConnectionStatus.Authenticated], _statuses.Select(change => change.Status));
    }

    [Fact]
    public void An_operation_that_the_service_forgot_is_begun_anew()
    {
        Subscribe();
        Answer("202", 1, """{"operationId":"5.op","status":"assigning"}""");
        Advance(2);

        Answer("404", 2, "{}");
        Advance(2);

        Assert.StartsWith("$dps/registrations/PUT/", Last().Topic, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_without_answer_is_given_up_after_30_s_and_repeated_on_a_new_connection()
    {
        Subscribe();

        Advance(30);
        Subscribe();

        Assert.Equal(2, _service.Opened.Count);
        Assert.Equal("$dps/registrations/PUT/iotdps-register/?$rid=2", Last().Topic);
        Assert.Contains("no answer within 30 s", _statuses[1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_that_turns_once_in_twenty_seconds_connects_all_the_same()
    {
        Begin();
        for (int turn = 0; turn < 5; turn++)
        {
            _service.Progress++;
            Advance(20);
        }

        _service.Accept();
        _client.DoWork();
        _service.Grant(1);
        _client.DoWork();

        Assert.Single(_service.Opened);
        Assert.Equal(ConnectionStatus.Authenticated, Assert.Single(_statuses).Status);
    }

    [Fact]
    public void A_late_answer_to_an_earlier_request_is_passed_over()
    {
        Subscribe();
        Answer("202", 1, """{"operationId":"5.op","status":"assigning"}""");
        Advance(2);

        Answer("200", 1, Assigned);
        Assert.Empty(_results);
        Answer("200", 2, Assigned);

        Assert.Single(_results);
    }

    [Fact]
    public void A_refused_connection_is_final_with_its_code()
    {
        Begin();
        _client.DoWork();
        _service.Refuse(5);
        _client.DoWork();

        Assert.Equal((DpsStatus.Refused, 5), (Assert.Single(_results).Status, _results[0].RawStatus));
        Assert.Equal(5, _statuses[0].RawCode);
    }

    [Fact]
    public void A_service_that_is_unavailable_is_tried_again()
    {
        Begin();
        _client.DoWork();
        _service.Refuse(3);
        _client.DoWork();

        Assert.Empty(_results);
        Assert.Equal(ConnectionStatusReason.DeviceDisabled, _statuses[0].Reason);
        Assert.NotNull(_statuses[0].RetryIn);
    }

    [Fact]
    public void The_retry_policy_may_end_it()
    {
        _client.SetRetryPolicy(RetryPolicy.None, TimeSpan.Zero);
        Begin();
        _client.DoWork();
        _service.Lose();
        _client.DoWork();

        Assert.Equal(DpsStatus.RetryExpired, Assert.Single(_results).Status);
    }

    [Fact]
    public void A_clock_that_is_not_set_is_waited_for()
    {
        var early = new FakeTimeProvider(new DateTimeOffset(1970, 1, 1, 0, 0, 10, TimeSpan.Zero));
        using DpsClient client = DpsClient.Create(
            new DpsConfig { IdScope = "0ne00000000", RegistrationId = "sn-007", SymmetricKey = Key }, new HubClientOptions { TimeProvider = early }, _service);
        client.Register((result, _) => _results.Add(result));

        client.DoWork();
        Assert.Empty(_service.Opened);
        early.SetUtcNow(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        client.DoWork();

        Assert.Single(_service.Opened);
    }

    [Fact]
    public void Dispose_ends_it_once_also_from_a_callback()
    {
        Subscribe();
        _client.SetConnectionStatusCallback((_, _) => _client.Dispose());
        _service.Lose();

        _client.DoWork();

        Assert.Equal(DpsStatus.BecauseDestroy, Assert.Single(_results).Status);
        Assert.Throws<ObjectDisposedException>(() => _client.DoWork());
        Assert.Equal(IotHubClientResult.Error, _client.Register((_, _) => { }));
    }

    [Fact]
    public void A_second_registration_waits_for_the_end_of_the_first()
    {
        Begin();
        Assert.Equal(IotHubClientResult.Error, _client.Register((_, _) => { }));
        Connect();
        Answer("401", 1, "{}");

        Begin();
        Connect();

        Assert.Equal(2, _service.Opened.Count);
    }

    [Fact]
    public void Endless_polls_are_answered_by_pings_when_the_service_asks_for_hours()
    {
        Subscribe();
        Answer("202", 1, """{"operationId":"5.op","status":"assigning"}""", "&retry-after=3600");

        Advance(240);
        Assert.Equal(1, _service.Pings);
        Advance(80);

        Assert.Equal(ConnectionStatusReason.NoPingResponse, _statuses[^1].Reason);
    }

    [Theory]
    [InlineData("SN-007")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("sn.")]
    [InlineData("a/b")]
    public void A_registration_id_that_the_service_would_refuse_is_refused_here(string id) =>
        Assert.Throws<FormatException>(() => Client(new DpsConfig { IdScope = "0ne00000000", RegistrationId = id, SymmetricKey = Key }));

    [Fact]
    public void A_contradictory_configuration_is_refused()
    {
        var config = new DpsConfig { IdScope = "0ne00000000", RegistrationId = "sn-007" };

        Assert.Throws<ArgumentException>(() => Client(config));
        Assert.Throws<ArgumentException>(() => Client(config with { SymmetricKey = Key, GroupKey = Key }));
        Assert.Throws<FormatException>(() => Client(config with { SymmetricKey = "no base64!" }));
        Assert.Throws<FormatException>(() => Client(config with { SymmetricKey = Key, IdScope = "a/b" }));
        Assert.Throws<FormatException>(() => Client(config with { SymmetricKey = Key, HostName = "http://x" }));
        Assert.Throws<FormatException>(() => Client(config with { SymmetricKey = Key, PayloadJson = "{" }));
    }

    [Theory, InlineData(0), InlineData(5)]
    public void A_second_connack_is_the_end_of_the_connection_and_no_exception(int code)
    {
        Subscribe();
        if (code == 0)
        {
            _service.Accept();
        }
        else
        {
            _service.Refuse(code);
        }

        _client.DoWork(); // MQTT 3.1.1 section 3.2: a server sends CONNACK once.

        Assert.Equal(ConnectionStatusReason.CommunicationError, _statuses[^1].Reason);
        Assert.Empty(_results);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void No_order_of_events_and_answers_tears_a_turn_and_each_registration_ends_at_most_once(int seed)
    {
        string[] statuses = ["200", "200", "200", "202", "401", "404", "429", "500", "x", "-1", "99999999999"];
        string[] bodies = [Assigned, Assigned, Assigned, "{}", "", "[]", "{\"status\":\"assigning\",\"operationId\":\"5.op\"}", "{\"status\":\"assigned\"}", "{\"status\":\"disabled\"}", "{\"status\":\"failed\"}", "\u0000"];
        var random = new Random(seed);
        int begun = 0;
        for (int step = 0; step < 20_000; step++)
        {
            switch (random.Next(9))
            {
                case 0:
                    begun += _client.Register((result, _) => _results.Add(result)) is IotHubClientResult.Ok ? 1 : 0;
                    break;
                case 1 when _service.IsOpen:
                    _service.Accept();
                    break;
                case 2 when _service.IsOpen && random.Next(40) == 0:
                    _service.Refuse(random.Next(256));
                    break;
                case 3 when _service.Subscribed.Count > 0:
                    _service.Grant((byte)(random.Next(6) == 0 ? 0x80 : 1));
                    break;
                case 4 when random.Next(8) == 0:
                    _service.Lose((LossCause)random.Next(3));
                    break;
                case 5:
                    _service.Pong();
                    break;
                case 6 or 7:
                    _service.Arrive($"$dps/registrations/res/{statuses[random.Next(statuses.Length)]}/?$rid={random.Next(Math.Max(1, _service.Published.Count - 2), _service.Published.Count + 2)}&retry-after={random.Next(5)}", bodies[random.Next(bodies.Length)]);
                    break;
                default:
                    _clock.Advance(TimeSpan.FromSeconds(random.Next(40)));
                    break;
            }

            _client.DoWork();
        }

        _client.Dispose();
        Assert.Equal(begun, _results.Count);
        Assert.Contains(_results, result => result.Status is DpsStatus.Assigned);
    }

    public void Dispose() => _client.Dispose();

    private DpsClient Client(DpsConfig config)
    {
        DpsClient client = DpsClient.Create(config, new HubClientOptions { TimeProvider = _clock, JitterSeed = 1 }, _service);
        client.SetConnectionStatusCallback((change, _) => _statuses.Add(change));
        return client;
    }

    private void Begin() => Assert.Equal(IotHubClientResult.Ok, _client.Register((result, _) => _results.Add(result)));

    /// <summary>Takes a registration, begun here unless one is under way, to its next request.</summary>
    private void Subscribe()
    {
        if (_service.Opened.Count == 0)
        {
            Begin();
        }

        Connect();
    }

    private void Connect()
    {
        _client.DoWork();
        _service.Accept();
        _client.DoWork();
        _service.Grant(1);
        _client.DoWork();
    }

    private (string Topic, string Payload) Last() => (_service.Published[^1].Topic, _service.Published[^1].Payload);

    private void Answer(string status, int requestId, string body, string tail = "")
    {
        _service.Arrive($"$dps/registrations/res/{status}/?$rid={requestId}{tail}", body);
        _client.DoWork();
    }

    private void Advance(double seconds)
    {
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        _client.DoWork();
    }

    private sealed class Module : IDeviceAuthentication
    {
        public byte[] SignHmacSha256(byte[] data) => HMACSHA256.HashData(new byte[] { 1, 2, 3 }, data);
    }
}
