using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Architecture.Tests;

/// <summary>Reads from a built assembly which others it refers to, and which of its types use which foreign types.</summary>
internal sealed class CompiledAssembly : IDisposable
{
    private readonly PEReader _image;
    private readonly MetadataReader _metadata;

    public CompiledAssembly(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, name + ".dll");
        _image = new PEReader(File.OpenRead(path));
        _metadata = _image.GetMetadataReader();
    }

    public IReadOnlyList<string> References =>
        [.. _metadata.AssemblyReferences.Select(handle => _metadata.GetString(_metadata.GetAssemblyReference(handle).Name))];

    /// <summary>Every use of a foreign type, once for each pair.</summary>
    public IReadOnlyList<TypeUse> Uses() => [.. _metadata.TypeDefinitions.SelectMany(UsesOf).Distinct()];

    public void Dispose() => _image.Dispose();

    private IEnumerable<TypeUse> UsesOf(TypeDefinitionHandle handle)
    {
        (string space, string name) = Outermost(handle);
        return ForeignTypes(_metadata.GetTypeDefinition(handle)).Select(used => new TypeUse($"{space}.{name}", space, used));
    }

    private HashSet<string> ForeignTypes(TypeDefinition type)
    {
        var found = new ForeignTypeCollector(_metadata);
        found.Add(type.BaseType);
        foreach (InterfaceImplementationHandle handle in type.GetInterfaceImplementations())
        {
            found.Add(_metadata.GetInterfaceImplementation(handle).Interface);
        }
        foreach (FieldDefinitionHandle handle in type.GetFields())
        {
            _metadata.GetFieldDefinition(handle).DecodeSignature(found, null);
        }
        foreach (MethodDefinitionHandle handle in type.GetMethods())
        {
            MethodDefinition method = _metadata.GetMethodDefinition(handle);
            method.DecodeSignature(found, null);
            AddBody(method, found);
        }
        return found.Names;
    }

    private void AddBody(MethodDefinition method, ForeignTypeCollector found)
    {
        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }
        MethodBodyBlock body = _image.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(found, null);
        }
        foreach (int token in MethodBody.Tokens(body.GetILReader()))
        {
            found.Add(MetadataTokens.EntityHandle(token));
        }
    }

    // A compiler-made or nested type belongs to the type it stands in.
    private (string Space, string Name) Outermost(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _metadata.GetTypeDefinition(handle);
        while ((type.Attributes & TypeAttributes.VisibilityMask) > TypeAttributes.Public)
        {
            type = _metadata.GetTypeDefinition(type.GetDeclaringType());
        }
        return (_metadata.GetString(type.Namespace), _metadata.GetString(type.Name));
    }
}
