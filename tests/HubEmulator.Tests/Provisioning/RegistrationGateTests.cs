using HubEmulator.Identity;
using HubEmulator.Provisioning;
using Microsoft.Extensions.Time.Testing;

namespace HubEmulator.Tests.Provisioning;

public sealed class RegistrationGateTests
{
    private const string K = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private const string Unrelated = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private static readonly DateTimeOffset Expiry = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly EnrolmentBook _book = new(new FakeTimeProvider(Expiry.AddHours(-1)));

    [Theory]
    [InlineData("sr=0ne00AAAAAA/registrations/sn-007&sig=njCH1H7TNdEva9SpXZFzdalVOyvgWTNnreb4SzjMLVU%3D&skn=registration&se=1767225600")] // Node
    [InlineData("sr=0ne00AAAAAA%2Fregistrations%2Fsn-007&sig=ialyQvxellmC87F%2FO2AIVuuXun2JvJyTDBYTR24SfDA%3D&se=1767225600")] // Python names no key
    [InlineData("sr=0ne00AAAAAA%2Fregistrations%2Fsn-007&sig=ialyQvxellmC87F%2FO2AIVuuXun2JvJyTDBYTR24SfDA%3D&se=1767225600&skn=registration")]
    [InlineData("sr=0ne00AAAAAA%2fregistrations%2fsn-007&sig=SAi0U5jYKZCd5MZDzupq5szeuORakPqjStAUVvBtYgw%3D&se=1767225600&skn=registration")] // C
    public void Every_spelling_of_the_resource_opens_an_enrolment_with_the_key_itself(string token)
    {
        Enrol("sn-007", isGroup: false, new SymmetricKeys(Unrelated, K));

        Assert.Null(Check("SharedAccessSignature " + token, out Enrolment enrolment));
        Assert.Equal("sn-007", enrolment.Id);
    }

    [Fact]
    public void The_group_is_found_whose_derived_key_has_signed()
    {
        const string Derived = "SharedAccessSignature sr=0ne00AAAAAA/registrations/sn-007&sig=8WAOQ6TbM7zlVZ3yeQSlmAboPy3VHyMPIaH61ztKu9g%3D&skn=registration&se=1767225600";
        Enrol("first", isGroup: true, new SymmetricKeys(Unrelated, Unrelated));
        Enrol("second", isGroup: true, new SymmetricKeys(K, Unrelated));

        Assert.Null(Check(Derived, out Enrolment enrolment));
        Assert.Equal("second", enrolment.Id);
    }

    [Fact]
    public void An_enrolment_of_its_own_hides_the_groups()
    {
        const string Derived = "SharedAccessSignature sr=0ne00AAAAAA/registrations/sn-007&sig=8WAOQ6TbM7zlVZ3yeQSlmAboPy3VHyMPIaH61ztKu9g%3D&skn=registration&se=1767225600";
        Enrol("group", isGroup: true, new SymmetricKeys(K, Unrelated));
        Enrol("sn-007", isGroup: false, new SymmetricKeys(Unrelated, Unrelated));

        Assert.Equal(401, Check(Derived, out _)!.Status);
    }

    [Fact]
    public void A_disabled_group_lets_nobody_in()
    {
        const string Derived = "SharedAccessSignature sr=0ne00AAAAAA/registrations/sn-007&sig=8WAOQ6TbM7zlVZ3yeQSlmAboPy3VHyMPIaH61ztKu9g%3D&skn=registration&se=1767225600";
        _book.Put(new Enrolment { Id = "group", IsGroup = true, Keys = new SymmetricKeys(K, Unrelated), Enabled = false }, null);

        Assert.Equal(401, Check(Derived, out _)!.Status);
    }

    [Theory]
    [InlineData("0ne00AAAAAA", "sn-007.", 400)]
    [InlineData("0ne.00", "sn-007", 400)]
    [InlineData("0ne00BBBBBB", "sn-007", 404)]
    [InlineData("0ne00AAAAAA", "sn-007", 404)]
    public void A_malformed_name_differs_from_an_unknown_one(string scope, string id, int status) =>
        Assert.Equal(status, Gate().Check(new ProvisioningCaller(scope, id, "whatever"), out _)!.Status);

    private RegistrationGate Gate() => new("0ne00AAAAAA", _book, new FakeTimeProvider(Expiry.AddHours(-1)));

    private Rest.ServiceError? Check(string token, out Enrolment enrolment) =>
        Gate().Check(new ProvisioningCaller("0ne00AAAAAA", "sn-007", token), out enrolment);

    private void Enrol(string id, bool isGroup, SymmetricKeys keys) =>
        Assert.Equal(EnrolmentChange.Done, _book.Put(new Enrolment { Id = id, IsGroup = isGroup, Keys = keys }, null));
}
