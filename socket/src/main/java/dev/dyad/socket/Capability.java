package dev.dyad.socket;

/// What one kind of end can do and another cannot.
///
/// Every end of [SocketPair] on a system with native access has all of them.
///
/// {@snippet file="dev/dyad/socket/examples/PairExamplesTest.java" region="capability"}
public enum Capability {
    /// The end has a descriptor of its own, which a child process can inherit.
    DESCRIPTOR,

    /// A message may carry descriptors: the sockets are of the UNIX domain.
    DESCRIPTOR_PASSING,

    /// The kernel knows who the peer is: the sockets are of the UNIX domain.
    PEER_CREDENTIALS,

    /// The first write after the peer closed fails.
    ///
    /// Over TCP, which stands in where there are no UNIX sockets, that write may still be accepted and a later
    /// one fails.
    IMMEDIATE_EPIPE
}
