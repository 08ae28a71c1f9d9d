package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.StandardSocketOptions;
import java.util.stream.Stream;

/// What asks a socket for something, and sets it.
final class OptionOperations {

    private OptionOperations() {}

    static Stream<Operation> all() {
        return Stream.of(
                Operation.of(
                        "set an option",
                        "Endpoint.setOption(SocketOption,Object)",
                        () -> new Using<>(
                                SocketPair.stream(),
                                pair -> pair.left().setOption(SocketOptions.SO_PASSCRED, true),
                                (pair, thrown) -> assertThat(pair.left().getOption(SocketOptions.SO_PASSCRED))
                                        .isEqualTo(thrown == null))),
                Operation.of(
                        "read an option",
                        "Endpoint.getOption(SocketOption)",
                        () -> new Using<>(
                                SocketPair.datagram(), pair -> pair.left().getOption(StandardSocketOptions.SO_LINGER))),
                Operation.of(
                        "read an option of a listener",
                        "",
                        () -> new Using<>(
                                Listener.stream(Places.port()),
                                listener -> listener.getOption(StandardSocketOptions.SO_REUSEADDR))),
                Operation.of(
                        "ask for the peer of a stream",
                        "StreamSocket.peerCredentials()",
                        () -> new Using<>(
                                SocketPair.stream(), pair -> pair.left().peerCredentials())),
                Operation.of(
                        "ask for the peer of a message socket",
                        "MessageSocket.peerCredentials()",
                        () -> new Using<>(
                                SocketPair.seqpacket(), pair -> pair.left().peerCredentials())),
                Operation.of(
                        "open the process of a stream's peer",
                        "StreamSocket.peerProcess()",
                        () -> new Using<>(
                                SocketPair.stream(),
                                pair -> pair.left().peerProcess().close())),
                Operation.of(
                        "open the process of a message socket's peer",
                        "MessageSocket.peerProcess()",
                        () -> new Using<>(
                                SocketPair.datagram(),
                                pair -> pair.left().peerProcess().close())));
    }
}
