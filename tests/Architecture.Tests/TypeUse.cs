namespace Architecture.Tests;

/// <summary>A type of ours uses a type of another assembly, in a signature or in a body.</summary>
/// <param name="User">The full name of our outermost type.</param>
/// <param name="UserNamespace">Its namespace.</param>
/// <param name="Used">The full name of the other type.</param>
internal sealed record TypeUse(string User, string UserNamespace, string Used);
