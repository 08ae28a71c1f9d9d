/// What goes to the JDK's sockets and channels and comes from them.
///
/// Channels of the JDK over descriptors of ours, the numbers of its own, pairs without native access, and what views of
/// ours have in common with a [java.net.Socket].
package dev.dyad.socket.jdk;
