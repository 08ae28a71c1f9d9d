package dev.dyad.socket;

import java.util.stream.Stream;

/// What opens pairs, and closes them.
final class PairOperations {

    private static final int SOCK_RAW = 3; // of which Linux makes datagram sockets

    private PairOperations() {}

    static Stream<Operation> all() {
        return Stream.of(
                Operation.of("open a pair of streams", "SocketPair.stream()", () -> new Opening(SocketPair::stream)),
                Operation.of(
                        "open a pair of datagram sockets",
                        "SocketPair.datagram()",
                        () -> new Opening(SocketPair::datagram)),
                Operation.of(
                        "open a pair of packet sockets",
                        "SocketPair.seqpacket()",
                        () -> new Opening(SocketPair::seqpacket)),
                Operation.of(
                        "open a pair of another type",
                        "SocketPair.open(int,int,int)",
                        () -> new Opening(() -> SocketPair.open(SocketPair.AF_UNIX, SOCK_RAW, 0))),
                Operation.of(
                        "close a pair",
                        "SocketPair.close()",
                        () -> new Using<>(SocketPair.stream(), SocketPair::close)));
    }
}
