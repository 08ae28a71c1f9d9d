package dev.dyad.message;

import org.jspecify.annotations.Nullable;

/// What a handle is at the other side, in Node's words.
///
/// {@snippet file="dev/dyad/message/examples/NodeExamplesTest.java" region="handle"}
public enum NodeHandle {
    /// A connection: the script has it as a `net.Socket`.
    SOCKET("net.Socket"),
    /// A listener: the script has it as a `net.Server` that accepts.
    SERVER("net.Server"),
    /// A stream or a listener without an object of JavaScript around it: a handle of libuv.
    NATIVE("net.Native"),
    /// A socket for datagrams, as a `dgram.Socket`. It is only received.
    DATAGRAM_SOCKET("dgram.Socket"),
    /// A socket for datagrams without an object around it. It is only received.
    DATAGRAM_NATIVE("dgram.Native");

    private final String node;

    NodeHandle(String node) {
        this.node = node;
    }

    /// Returns what Node calls it.
    ///
    /// @return the name, such as `net.Socket`
    public String nodeName() {
        return node;
    }

    boolean isSent() {
        return switch (this) {
            case SOCKET, SERVER, NATIVE -> true;
            case DATAGRAM_SOCKET, DATAGRAM_NATIVE -> false;
        };
    }

    static @Nullable NodeHandle named(@Nullable String name) {
        for (NodeHandle one : values()) {
            if (one.node.equals(name)) {
                return one;
            }
        }
        return null;
    }
}
