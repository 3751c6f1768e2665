using Microsoft.Extensions.Configuration;

namespace Node.Host.Configuration;

/// <summary>A layer of values that come from no file, by a name for people.</summary>
internal sealed class NamedValues : ConfigurationProvider, IConfigurationSource
{
    public NamedValues(string name, IEnumerable<KeyValuePair<string, string?>> values)
    {
        Name = name;
        foreach ((string key, string? value) in values)
        {
            Data[key] = value;
        }
    }

    public string Name { get; }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;
}
