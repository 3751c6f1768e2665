using HubEmulator.Identity;

namespace HubEmulator.Amqp;

/// <summary>The tokens that a connection has put. At most <see cref="MostClaims"/> count; the oldest go first.</summary>
internal sealed class AmqpClaims(TimeProvider clock)
{
    private const int MostClaims = 256;

    private readonly Lock _guard = new();
    private readonly List<SasClaim> _claims = [];

    public bool IsEmpty
    {
        get
        {
            lock (_guard)
            {
                return _claims.Count == 0;
            }
        }
    }

    public void Put(SasClaim claim)
    {
        DateTimeOffset now = clock.GetUtcNow();
        lock (_guard)
        {
            _claims.RemoveAll(old => old.Ends < now);
            if (_claims.Count == MostClaims)
            {
                _claims.RemoveAt(0);
            }

            _claims.Add(claim);
        }
    }

    /// <summary>True while a token opens the path, without a leading slash, to services.</summary>
    public bool Open(string path)
    {
        DateTimeOffset now = clock.GetUtcNow();
        lock (_guard)
        {
            return _claims.Exists(claim => claim.Opens(path, AccessRights.ServiceConnect, now));
        }
    }
}
