package dev.dyad.bench;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import jnr.unixsocket.UnixSocketChannel;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXSocketPair;

/// What one can use on the JVM today instead of Dyad. Public only for what JMH generates.
public enum Peer {

    /// The JDK, which has no pair: two UNIX channels that met at a path.
    JDK("JDK UNIX channel") {
        @Override
        Ends open() throws IOException {
            Path folder = Files.createTempDirectory(places(), "pair");
            Path path = folder.resolve("s");
            try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                var address = UnixDomainSocketAddress.of(path);
                listener.bind(address);
                return new Ends(SocketChannel.open(address), listener.accept());
            } finally {
                Files.deleteIfExists(path);
                Files.delete(folder);
            }
        }
    },

    /// TCP to this machine itself, as one does without UNIX domain sockets.
    TCP("TCP loopback") {
        @Override
        Ends open() throws IOException {
            try (var listener = ServerSocketChannel.open()) {
                listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                return new Ends(
                        undelayed(SocketChannel.open(listener.getLocalAddress())), undelayed(listener.accept()));
            }
        }
    },

    /// The JDK's pipes, which go one way: two of them.
    PIPE("java.nio Pipe") {
        @Override
        Ends open() throws IOException {
            Pipe there = Pipe.open();
            Pipe back = Pipe.open();
            return new Ends(new PipeEnd(back.source(), there.sink()), new PipeEnd(there.source(), back.sink()));
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

    private static @Nullable TemporaryFolder places;

    private final String text;

    Peer(String text) {
        this.text = text;
    }

    /// Returns what is printed.
    String text() {
        return text;
    }

    /// Returns where the JDK's pairs meet, which is one folder for all: what clears up is no part of making a pair.
    private static synchronized Path places() throws IOException {
        if (places == null) {
            places = TemporaryFolder.make();
        }
        return places.resolve("");
    }

    abstract Ends open() throws IOException;

    static SocketChannel undelayed(SocketChannel channel) throws IOException {
        return channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    /// The end of two pipes that one reads from and writes to.
    private record PipeEnd(Pipe.SourceChannel source, Pipe.SinkChannel sink) implements ByteChannel {

        @Override
        public int read(ByteBuffer target) throws IOException {
            return source.read(target);
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            return sink.write(bytes);
        }

        @Override
        public boolean isOpen() {
            return source.isOpen() && sink.isOpen();
        }

        @Override
        public void close() throws IOException {
            try (source;
                    sink) {
                // Closing is all.
            }
        }
    }

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
