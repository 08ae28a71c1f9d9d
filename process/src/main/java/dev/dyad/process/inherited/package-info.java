/// How a process finds what it was given: which variables and which descriptors are believed, and why.
///
/// [InheritedSocketLookup][dev.dyad.process.inherited.InheritedSocketLookup] asks one convention after the other.
package dev.dyad.process.inherited;
