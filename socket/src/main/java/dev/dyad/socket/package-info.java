/// Socket pairs and what belongs to their ends: owned descriptors, waiting, closing.
///
/// An end behaves as a channel of the JDK: it works the same on platform and on virtual threads, and throws
/// what a channel throws.
///
/// {@snippet file="dev/dyad/socket/examples/StreamExamplesTest.java" region="stream"}
///
/// - Bytes: [SocketPair], [StreamSocket], [Pipe]; messages: [MessageSocket], [MessageBatch].
/// - Named sockets: [Listener], [UnixAddress], and [UnixSocketFactory] for clients that only know hosts and ports.
/// - Waiting: [Deadline] for each call, [MovableDeadline] to cancel one, [SocketSelector] for many ends at once.
/// - Descriptors that travel with a message: [Descriptor], [Received].
/// - What fails: [SystemCallException], which has the call's [Errno].
package dev.dyad.socket;
