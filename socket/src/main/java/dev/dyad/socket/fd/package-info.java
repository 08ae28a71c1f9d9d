/// Owned descriptors and the calls on them: opening, names, connecting, accepting, closing.
///
/// [Fd][dev.dyad.socket.fd.Fd] is the descriptor of a socket with its two directions, and
/// [FdMutex][dev.dyad.socket.fd.FdMutex] keeps its number open while a call uses it. A call that may wait is an
/// `Attempt`, made by the thread that is in its [Direction][dev.dyad.socket.fd.Direction].
package dev.dyad.socket.fd;
