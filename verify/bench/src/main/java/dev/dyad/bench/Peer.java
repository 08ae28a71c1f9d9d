package dev.dyad.bench;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import jnr.unixsocket.UnixSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketPair;

/// What one can use on the JVM today instead of Dyad. Public for what JMH generates alone.
public enum Peer {

    /// The JDK, which has no pair: two UNIX channels that met at a path.
    JDK("JDK UNIX channel") {
        @Override
        Ends open() throws IOException {
            Path folder = Files.createTempDirectory("dyad-bench");
            Path path = folder.resolve("s");
            try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                listener.bind(UnixDomainSocketAddress.of(path));
                return new Ends(SocketChannel.open(UnixDomainSocketAddress.of(path)), listener.accept());
            } finally {
                Files.deleteIfExists(path);
                Files.delete(folder);
            }
        }
    },

    /// junixsocket: JNI.
    JUNIXSOCKET("junixsocket channel") {
        @Override
        Ends open() throws IOException {
            var pair = AFUNIXSocketPair.open();
            return new Ends(pair.getSocket1(), pair.getSocket2());
        }
    },

    /// jnr-unixsocket: libffi.
    JNR("jnr channel") {
        @Override
        Ends open() throws IOException {
            UnixSocketChannel[] pair = UnixSocketChannel.pair();
            return new Ends(pair[0], pair[1]);
        }
    };

    private final String text;

    Peer(String text) {
        this.text = text;
    }

    /// Returns what is printed.
    String text() {
        return text;
    }

    abstract Ends open() throws IOException;

    /// Two connected channels.
    record Ends(ByteChannel left, ByteChannel right) implements Closeable {

        @Override
        public void close() throws IOException {
            try (left;
                    right) {
                // Closing is all: both, whatever the first one says.
            }
        }
    }
}
