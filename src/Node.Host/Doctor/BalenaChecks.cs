namespace Node.Host.Doctor;

/// <summary>What balena gives a container: the update lock's place and the supervisor.</summary>
internal sealed class BalenaChecks(MachineView machine)
{
    private const string LockVariable = "BALENA_APP_LOCK_PATH";
    private const string SupervisorVariable = "BALENA_SUPERVISOR_ADDRESS";

    public IEnumerable<DoctorCheck> All() => [new("update-lock", UpdateLock), new("supervisor", SupervisorAsync)];

    /// <summary>Proves that a lock file can be made beside the lock itself, which is left alone: taking it would stop an update.</summary>
    private Finding UpdateLock()
    {
        if (machine.Variable(LockVariable) is not { Length: > 0 } path)
        {
            return Finding.Ok("not on balena");
        }

        string folder = Path.GetDirectoryName(path) ?? "/";
        string probe = Path.Combine(folder, $".sensornode-{Environment.ProcessId}");
        try
        {
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return Finding.Ok($"{path} can be taken");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return Finding.Error($"the update lock {path} cannot be taken ({refused.Message}), so an update may come while an actuator moves",
                $"give the service's user write access to {folder}: in docker-compose.yml user: root, or chmod it in the start script");
        }
    }

    private async Task<Finding> SupervisorAsync(CancellationToken cancellationToken)
    {
        if (machine.Variable("BALENA") is null)
        {
            return Finding.Ok("not on balena");
        }

        if (machine.Variable(SupervisorVariable) is not { Length: > 0 } address)
        {
            return Finding.Warning("the supervisor may not be asked", "add the label io.balena.features.supervisor-api: '1' to the service in docker-compose.yml");
        }

        try
        {
            using var http = new HttpClient();
            using HttpResponseMessage answer = await http.GetAsync(new Uri($"{address.TrimEnd('/')}/ping"), cancellationToken);
            return answer.IsSuccessStatusCode ? Finding.Ok($"answers at {address}") : Finding.Error($"the supervisor at {address} answers {(int)answer.StatusCode}", "restart the device's supervisor, or the device");
        }
        catch (Exception silent) when (silent is HttpRequestException or UriFormatException)
        {
            return Finding.Error($"the supervisor does not answer at {address} ({silent.Message})", "restart the device's supervisor, or the device");
        }
    }
}
