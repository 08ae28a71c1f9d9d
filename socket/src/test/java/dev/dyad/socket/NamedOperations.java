package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What gives sockets names, and connects them.
final class NamedOperations {

    private static final int UNIX = SocketPair.AF_UNIX;

    private NamedOperations() {}

    static Stream<Operation> all() {
        return Stream.of(opening(), naming(), replacing(), connecting(), sending())
                .flatMap(some -> some);
    }

    private static Stream<Operation> opening() {
        return Stream.of(
                Operation.of(
                        "open a stream", "StreamSocket.open(int)", () -> new Opening(() -> StreamSocket.open(UNIX))),
                Operation.of(
                        "open a message socket",
                        "MessageSocket.open(int,int)",
                        () -> new Opening(() -> MessageSocket.open(UNIX, SocketPair.SOCK_SEQPACKET))),
                Operation.of(
                        "open a listener for streams",
                        "Listener.openStream(int)",
                        () -> new Opening(() -> Listener.openStream(SocketPair.AF_INET))),
                Operation.of(
                        "open a listener for packets",
                        "Listener.openSeqpacket()",
                        () -> new Opening(Listener::openSeqpacket)),
                Operation.of(
                        "listen for streams",
                        "Listener.stream(SocketAddress) Listener.stream(SocketAddress,int)",
                        () -> new Opening(() -> Listener.stream(Places.name()))),
                Operation.of("listen at a port", "", () -> new Opening(() -> Listener.stream(Places.port()))),
                Operation.of(
                        "listen for packets",
                        "Listener.seqpacket(SocketAddress) Listener.seqpacket(SocketAddress,int)",
                        () -> new Opening(() -> Listener.seqpacket(Places.name()))));
    }

    private static Stream<Operation> naming() {
        return Stream.of(
                Operation.of(
                        "bind a stream",
                        "StreamSocket.bind(SocketAddress)",
                        () -> new Using<>(StreamSocket.open(UNIX), end -> end.bind(Places.name()))),
                Operation.of(
                        "bind a message socket",
                        "MessageSocket.bind(SocketAddress)",
                        () -> new Using<>(datagrams(), end -> end.bind(Places.name()))),
                Operation.of(
                        "bind a listener",
                        "Listener.bind(SocketAddress,int)",
                        () -> new Using<>(Listener.openSeqpacket(), end -> end.bind(Places.name(), 1))),
                Operation.of(
                        "ask a stream for its name",
                        "",
                        () -> new Using<>(StreamSocket.open(UNIX), StreamSocket::localAddress)),
                Operation.of(
                        "ask a message socket for its name",
                        "MessageSocket.localAddress()",
                        () -> new Using<>(datagrams(), MessageSocket::localAddress)),
                Operation.of(
                        "ask a listener for its name",
                        "Listener.localAddress()",
                        () -> new Using<>(Listener.stream(Places.name()), Listener::localAddress)),
                Operation.of(
                        "ask a stream for its peer",
                        "StreamSocket.remoteAddress()",
                        () -> new Using<>(
                                SocketPair.stream(), pair -> pair.left().remoteAddress())),
                Operation.of(
                        "ask a message socket for its peer",
                        "MessageSocket.remoteAddress()",
                        () -> new Using<>(
                                SocketPair.seqpacket(), pair -> pair.left().remoteAddress())));
    }

    /// What the first `bind` says is why there is more, and where a file has gone meanwhile there is less to do.
    private static Stream<Operation> replacing() {
        return Stream.of(
                        Operation.of(
                                "listen in the place of a stale file",
                                "Listener.streamReplacingStale(SocketAddress)",
                                () -> new Replacing<>(Listener::streamReplacingStale, NamedOperations::assertAccepts)),
                        Operation.of(
                                "bind a message socket in the place of a stale file",
                                "MessageSocket.bindReplacingStale(SocketAddress)",
                                () -> new Replacing<>(
                                        at -> bound(datagrams(), socket -> socket.bindReplacingStale(at)),
                                        NamedOperations::assertReceives)),
                        Operation.of(
                                "bind a listener in the place of a stale file",
                                "Listener.bindReplacingStale(SocketAddress,int)",
                                () -> new Replacing<>(
                                        at -> bound(
                                                Listener.openStream(UNIX),
                                                listener -> listener.bindReplacingStale(at, 1)),
                                        NamedOperations::assertAccepts)))
                .map(operation -> operation
                        .where("bind", ManualErrors.Meaning.EITHER)
                        .where("open", ManualErrors.Meaning.EITHER)
                        .where("lstat", ManualErrors.Meaning.EITHER)
                        .where("connect", ManualErrors.Meaning.EITHER)
                        .telling(
                                Errno.EADDRINUSE,
                                "open ENOENT",
                                "lstat ENOENT",
                                "connect EPERM",
                                "connect EPROTOTYPE",
                                "flock EAGAIN",
                                "unlink ENOENT"));
    }

    private static Stream<Operation> connecting() {
        return Stream.of(
                Operation.of(
                        "open a stream to a name",
                        "StreamSocket.open(SocketAddress)",
                        () -> new Connection(Places.name(), StreamSocket::open)),
                Operation.of(
                        "open a stream to a port",
                        "StreamSocket.open(SocketAddress,Deadline)",
                        () -> new Connection(Places.port(), address -> StreamSocket.open(address, Stage.soon()))),
                Operation.of(
                        "connect a stream",
                        "StreamSocket.connect(SocketAddress)",
                        () -> new Connecting(
                                StreamSocket.open(UNIX),
                                Listener.stream(Places.name()),
                                (end, to) -> ((StreamSocket) end).connect(to))),
                Operation.of(
                        "connect a stream until a deadline",
                        "StreamSocket.connect(SocketAddress,Deadline)",
                        () -> new Connecting(
                                StreamSocket.open(UNIX),
                                Listener.stream(Places.name()),
                                (end, to) -> ((StreamSocket) end).connect(to, Stage.soon()))),
                Operation.of(
                        "connect a packet socket",
                        "MessageSocket.connect(SocketAddress)",
                        () -> new Connecting(
                                packets(),
                                Listener.seqpacket(Places.name()),
                                (end, to) -> ((MessageSocket) end).connect(to))),
                Operation.of(
                        "connect a packet socket until a deadline",
                        "MessageSocket.connect(SocketAddress,Deadline)",
                        () -> new Connecting(
                                packets(),
                                Listener.seqpacket(Places.name()),
                                (end, to) -> ((MessageSocket) end).connect(to, Stage.soon()))),
                // whose second try is what follows EAGAIN
                Operation.of("open a stream to a name", "", () -> new Connection(Places.name(), StreamSocket::open))
                        .onVirtualThread());
    }

    private static Stream<Operation> sending() {
        return Stream.of(
                Operation.of(
                        "send a datagram to a name",
                        "MessageSocket.sendTo(ByteBuffer,SocketAddress)",
                        () -> new SendingTo(Places.name(), UNIX, (end, message, to) -> end.sendTo(message, to))),
                Operation.of(
                        "send a datagram to a port",
                        "",
                        () -> new SendingTo(
                                Places.port(), SocketPair.AF_INET, (end, message, to) -> end.sendTo(message, to))),
                Operation.of(
                        "try to send a datagram to a name",
                        "MessageSocket.trySendTo(ByteBuffer,SocketAddress)",
                        () -> new SendingTo(Places.name(), UNIX, (end, message, to) -> {
                            if (!end.trySendTo(message, to)) {
                                end.sendTo(message, to);
                            }
                        })),
                Operation.of(
                        "send a datagram with a descriptor to a name",
                        "MessageSocket.sendTo(ByteBuffer,SocketAddress,Collection,Deadline)",
                        () -> new SendingTo(Places.name(), UNIX, (end, message, to) -> {
                            try (Descriptor passed = Descriptor.memory("walk")) {
                                end.sendTo(message, to, List.of(passed), Stage.soon());
                            }
                        })));
    }

    private static MessageSocket datagrams() throws IOException {
        return MessageSocket.open(UNIX, SocketPair.SOCK_DGRAM);
    }

    private static MessageSocket packets() throws IOException {
        return MessageSocket.open(UNIX, SocketPair.SOCK_SEQPACKET);
    }

    /// A connection is made, or nothing is left of it.
    private static class Connection extends Stage {
        final Listener<StreamSocket> listener;
        private final Opener to;
        private @Nullable StreamSocket connected;

        interface Opener {
            StreamSocket connect(SocketAddress address) throws Exception;
        }

        Connection(SocketAddress place, Opener to) throws IOException {
            listener = Listener.stream(place, 0);
            this.to = to;
        }

        @Override
        void run() throws Exception {
            connected = to.connect(listener.localAddress());
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            StreamSocket end = connected;
            if (end != null) {
                try (StreamSocket peer = listener.accept(soon())) {
                    StreamStage.assertUsable(end, peer);
                }
            }
        }

        @Override
        public void close() throws IOException {
            try (listener) {
                if (connected != null) {
                    connected.close();
                }
            }
        }
    }

    /// What binds an open socket.
    @FunctionalInterface
    private interface Binding<E> {
        E of(E end) throws IOException;
    }

    private static <E extends Endpoint> E bound(E end, Binding<E> binding) throws IOException {
        try {
            return binding.of(end);
        } catch (Throwable failed) {
            end.close();
            throw failed;
        }
    }

    private static void assertAccepts(Listener<StreamSocket> listener) throws IOException {
        try (StreamSocket end = StreamSocket.open(listener.localAddress());
                StreamSocket peer = listener.accept(Stage.soon())) {
            StreamStage.assertUsable(end, peer);
        }
    }

    private static void assertReceives(MessageSocket receiver) throws IOException {
        try (MessageSocket sender = datagrams().connect(receiver.localAddress())) {
            sender.send(ByteBuffer.allocate(1));
            assertThat(receiver.receive(ByteBuffer.allocate(2), Stage.soon()).length())
                    .isOne();
        }
    }

    /// A socket takes the place of a stale file, or nobody has its name.
    private static final class Replacing<E extends Endpoint> extends Stage {
        private final Path folder = Files.createTempDirectory("stale");
        private final UnixAddress address = UnixAddress.of(folder.resolve("socket"));
        private final Starter<E> starter;
        private final Check<E> check;
        private @Nullable E socket;

        interface Starter<E> {
            E bind(SocketAddress address) throws IOException;
        }

        interface Check<E> {
            void of(E socket) throws IOException;
        }

        Replacing(Starter<E> starter, Check<E> check) throws IOException {
            this.starter = starter;
            this.check = check;
            Listener.stream(address).close();
            Path _ = Files.createFile(folder.resolve("socket.lock"));
        }

        @Override
        void run() throws IOException {
            socket = starter.bind(address);
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            E replaced = socket;
            if (replaced == null) {
                replaced = starter.bind(address);
                socket = replaced;
            }
            check.of(replaced);
        }

        @Override
        public void close() throws IOException {
            if (socket != null) {
                socket.close();
                Files.delete(address.path());
            }
            Files.delete(folder.resolve("socket.lock"));
            Files.delete(folder);
        }
    }

    /// A socket is connected, or closed.
    private static final class Connecting extends Stage {
        private final Endpoint end;
        private final Listener<?> listener;
        private final SocketAddress address;
        private final Connector to;

        interface Connector {
            Endpoint connect(Endpoint end, SocketAddress address) throws IOException;
        }

        Connecting(Endpoint end, Listener<?> listener, Connector to) throws IOException {
            this.end = end;
            this.listener = listener;
            this.to = to;
            address = listener.localAddress();
        }

        @Override
        void run() throws IOException {
            Endpoint _ = to.connect(end, address);
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            if (thrown == null) {
                try (Endpoint peer = listener.accept(soon())) {
                    if (peer instanceof StreamSocket stream) {
                        StreamStage.assertUsable((StreamSocket) end, stream);
                    } else {
                        MessageStage.assertUsable((MessageSocket) end, (MessageSocket) peer);
                    }
                    assertThat(Numbers.isNonBlocking(end)).isFalse();
                }
            } else if (!(thrown instanceof AssertionError) && end instanceof StreamSocket) {
                assertThat(end.isOpen()).isFalse();
            }
        }

        @Override
        public void close() throws IOException {
            try (listener) {
                end.close();
            }
        }
    }

    /// A datagram is sent to a name: it arrives, or nothing does.
    private static final class SendingTo extends Stage {
        private final MessageSocket receiver;
        private final MessageSocket end;
        private final SocketAddress address;
        private final Use use;
        private final ByteBuffer message = ByteBuffer.wrap(bytes(20));

        interface Use {
            void of(MessageSocket end, ByteBuffer message, SocketAddress to) throws IOException;
        }

        SendingTo(SocketAddress place, int domain, Use use) throws IOException {
            this.use = use;
            receiver = MessageSocket.open(domain, SocketPair.SOCK_DGRAM).bind(place);
            end = MessageSocket.open(domain, SocketPair.SOCK_DGRAM);
            address = receiver.localAddress();
        }

        @Override
        void run() throws IOException {
            use.of(end, message, address);
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            if (message.hasRemaining()) {
                assertThat(thrown).isNotNull();
                end.sendTo(message, address);
            }
            var target = ByteBuffer.allocate(100);
            receiver.receive(target, Deadline.after(Duration.ofSeconds(5))).close();
            assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(bytes(20)));
            MessageStage.assertEmpty(receiver);
        }

        @Override
        public void close() throws IOException {
            try (Closeable _ = receiver) {
                end.close();
            }
        }
    }
}
