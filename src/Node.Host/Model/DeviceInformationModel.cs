using System.Text.Json.Nodes;

namespace Node.Host.Model;

/// <summary>The public interface <c>dtmi:azure:DeviceManagement:DeviceInformation;1</c>, with what it declares.</summary>
internal static class DeviceInformationModel
{
    public static ModelInterface Create() => ModelInterface.WithId("dtmi:azure:DeviceManagement:DeviceInformation;1", Dtdl.Interface(
        "Device Information", "What runs where.",
        [
            Read("manufacturer", "string", "Company that made the device."),
            Read("model", "string", "Model of the device."),
            Read("swVersion", "string", "Version of the software."),
            Read("osName", "string", "Name of the operating system."),
            Read("processorArchitecture", "string", "Architecture of the processor."),
            Read("processorManufacturer", "string", "Company that made the processor."),
            Read("totalStorage", "double", "Storage on the device in kilobytes."),
            Read("totalMemory", "double", "Memory of the device in kilobytes."),
        ]));

    private static JsonObject Read(string name, string schema, string description) => Dtdl.Property(name, schema, false, description);
}
