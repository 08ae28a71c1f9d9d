package dev.dyad.bench;

import java.io.IOException;
import java.util.List;

/// With what two JVMs can talk to each other.
enum LinkedPeer {
    OURS("ours"),
    JDK("JDK UNIX channel"),
    TCP("TCP loopback"),
    JUNIXSOCKET("junixsocket channel"),
    NETTY("Netty, epoll"),
    /// Both sides spin: Aeron itself never sleeps.
    AERON("Aeron IPC, both spin", "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");

    private final String text;
    private final String option;

    LinkedPeer(String text) {
        this(text, Jvm.ALLOW_UNSAFE);
    }

    /// @param option what its JVMs need
    LinkedPeer(String text, String option) {
        this.text = text;
        this.option = option;
    }

    /// Returns what is printed.
    String text() {
        return text;
    }

    /// Returns the command that measures it.
    List<String> command(String seconds) {
        return command(PeerProcesses.class, name(), seconds);
    }

    /// Starts a child that connects to an address.
    Process startChild(String what, String address) throws IOException {
        return new ProcessBuilder(command(PeerChild.class, name(), what, address))
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private List<String> command(Class<?> main, String... arguments) {
        return Jvm.command(main, List.of(Jvm.ALLOW_UNSAFE, option), arguments);
    }

    /// Connects to a child of ours.
    ///
    /// @throws MissingPeer if the library is not there, or has nothing for this system
    PeerLink open(String what) throws Exception {
        try {
            return switch (this) {
                case OURS -> ChannelLink.ofOurs(what);
                case JDK, TCP, JUNIXSOCKET -> ChannelLink.accepted(this, what);
                case NETTY -> NettyLink.open(what);
                case AERON -> AeronLink.open(what);
            };
        } catch (LinkageError e) {
            throw MissingPeer.of(text, e);
        }
    }
}
