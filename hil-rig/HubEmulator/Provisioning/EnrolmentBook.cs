using System.Collections.Concurrent;
using HubEmulator.Identity;

namespace HubEmulator.Provisioning;

/// <summary>All enrolments. At most <see cref="MostIndividuals"/> of single devices and <see cref="MostGroups"/> groups, each of which costs two HMACs for a registration.</summary>
internal sealed class EnrolmentBook(TimeProvider clock)
{
    public const int MostIndividuals = 100_000;
    public const int MostGroups = 100;

    private readonly ConcurrentDictionary<string, Enrolment> _individuals = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Enrolment> _groups = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _changing = new();

    /// <summary>Raised after every change, so that it can be made durable.</summary>
    public event Action? Changed;

    public IEnumerable<Enrolment> All => _individuals.Values.Concat(_groups.Values);

    public IEnumerable<Enrolment> Groups => _groups.Values;

    public Enrolment? Find(bool isGroup, string id) => Shelf(isGroup).GetValueOrDefault(id);

    /// <summary>Puts back an enrolment that was remembered.</summary>
    public void Restore(Enrolment enrolment) => Shelf(enrolment.IsGroup)[enrolment.Id] = enrolment;

    /// <summary>Creates when there is no condition, replaces when there is one.</summary>
    /// <param name="wanted">The enrolment; its instants and its revision are set here.</param>
    /// <param name="ifMatch">The entity tag of what may be replaced, or an asterisk.</param>
    public EnrolmentChange Put(Enrolment wanted, string? ifMatch)
    {
        ConcurrentDictionary<string, Enrolment> shelf = Shelf(wanted.IsGroup);
        DateTimeOffset now = clock.GetUtcNow();
        lock (_changing)
        {
            EnrolmentChange outcome = Judge(shelf, wanted, ifMatch, out Enrolment? old);
            if (outcome != EnrolmentChange.Done)
            {
                return outcome;
            }

            shelf[wanted.Id] = wanted with { Created = old?.Created ?? now, Updated = now, Revision = (old?.Revision ?? 0) + 1 };
        }

        Changed?.Invoke();
        return EnrolmentChange.Done;
    }

    public EnrolmentChange Delete(bool isGroup, string id, string? ifMatch)
    {
        lock (_changing)
        {
            if (Find(isGroup, id) is not { } old)
            {
                return EnrolmentChange.Missing;
            }

            if (!EntityTags.Meets(old.ETag, ifMatch))
            {
                return EnrolmentChange.Stale;
            }

            Shelf(isGroup).TryRemove(id, out _);
        }

        Changed?.Invoke();
        return EnrolmentChange.Done;
    }

    private static EnrolmentChange Judge(ConcurrentDictionary<string, Enrolment> shelf, Enrolment wanted, string? ifMatch, out Enrolment? old)
    {
        old = shelf.GetValueOrDefault(wanted.Id);
        bool replaces = !string.IsNullOrEmpty(ifMatch);
        if (old is not null)
        {
            return !replaces ? EnrolmentChange.Exists : EntityTags.Meets(old.ETag, ifMatch) ? EnrolmentChange.Done : EnrolmentChange.Stale;
        }

        return replaces ? EnrolmentChange.Missing
            : shelf.Count >= (wanted.IsGroup ? MostGroups : MostIndividuals) ? EnrolmentChange.Full
            : EnrolmentChange.Done;
    }

    private ConcurrentDictionary<string, Enrolment> Shelf(bool isGroup) => isGroup ? _groups : _individuals;
}
