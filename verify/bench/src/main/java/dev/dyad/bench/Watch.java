package dev.dyad.bench;

import dev.dyad.socket.Endpoint;
import dev.dyad.socket.Readiness;
import dev.dyad.socket.SocketSelector;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Set;

/// What waits until one of many ends can be read: ours, or the JDK's.
interface Watch extends Closeable {

    void add(ByteChannel end) throws IOException;

    /// Waits, and looks at each end that is ready.
    ///
    /// @return how many those are
    int select() throws IOException;

    /// Opens that of the peer that is named.
    static Watch open(String who) throws IOException {
        return who.equals(PeerPairs.OURS) ? new Ours(SocketSelector.open()) : new Jdks(Selector.open());
    }

    /// Ours, which leaves the ends as they are.
    record Ours(SocketSelector selector) implements Watch {

        @Override
        public void add(ByteChannel end) throws IOException {
            selector.register((Endpoint) end, Set.of(Readiness.READ), null);
        }

        @Override
        public int select() throws IOException {
            return selector.select(registration -> {
                if (!registration.isReadable()) {
                    throw new IOException("told of an end that is not ready");
                }
            });
        }

        @Override
        public void close() {
            selector.close();
        }
    }

    /// The JDK's, for channels that do not block.
    record Jdks(Selector selector) implements Watch {

        @Override
        public void add(ByteChannel end) throws IOException {
            var channel = (SocketChannel) end;
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
        }

        @Override
        public int select() throws IOException {
            return selector.select(key -> {
                if (!key.isReadable()) {
                    throw new IllegalStateException("told of an end that is not ready");
                }
            });
        }

        @Override
        public void close() throws IOException {
            selector.close();
        }
    }
}
