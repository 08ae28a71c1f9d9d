package dev.dyad.socket.fd;

/// A socket that was made of a number, for the code that opened that number.
public interface AdoptedSocket {

    /// Says that no other process has the descriptor, which [adopting][dev.dyad.socket.StreamSocket#adopt] a number
    /// cannot know: its calls need not expect that another process holds the socket's lock.
    void setUnshared();
}
