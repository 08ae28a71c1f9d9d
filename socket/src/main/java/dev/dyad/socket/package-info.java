/// Socket pairs and what belongs to their ends: owned descriptors, waiting, closing.
///
/// An end is a citizen of `java.nio.channels`: it works the same on platform and on virtual threads, and throws
/// what a channel of the JDK throws.
package dev.dyad.socket;
