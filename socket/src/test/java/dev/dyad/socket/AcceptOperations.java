package dev.dyad.socket;

import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What accepts connections.
final class AcceptOperations {

    private AcceptOperations() {}

    static Stream<Operation> all() {
        return Stream.concat(
                Stream.of(
                        Operation.of(
                                "accept a stream",
                                "Listener.accept()",
                                () -> new Accepting(false, When.BEFORE, Listener::accept)),
                        Operation.of(
                                "accept a stream until a deadline",
                                "Listener.accept(Deadline)",
                                () -> new Accepting(false, When.BEFORE, end -> end.accept(Stage.soon()))),
                        Operation.of(
                                "try to accept a stream",
                                "Listener.tryAccept()",
                                () -> new Accepting(false, When.BEFORE, Listener::tryAccept)),
                        Operation.of(
                                "try to accept nobody",
                                "",
                                () -> new Accepting(false, When.TOO_LATE, Listener::tryAccept)),
                        Operation.of("accept packets", "", PacketAccepting::new),
                        Operation.of(
                                "try to accept from a listener that is shared",
                                "",
                                () -> new Accepting(true, When.BEFORE, Listener::tryAccept))),
                Stream.of(waiting().stream(), waiting().stream().map(Operation::onVirtualThread))
                        .flatMap(some -> some));
    }

    private static List<Operation> waiting() {
        return List.of(
                Operation.of("wait to accept", "", () -> new Accepting(false, When.MEANWHILE, Listener::accept)),
                Operation.of(
                        "wait to accept until a deadline",
                        "",
                        () -> new Accepting(false, When.MEANWHILE, end -> end.accept(Stage.soon()))),
                Operation.inVain(
                        "wait to accept too long",
                        "",
                        () -> new Accepting(false, When.TOO_LATE, end -> {
                            Stage.late(() -> end.accept(Stage.shortly()).close());
                            return null;
                        })),
                Operation.of(
                        "wait to accept from a listener that is shared",
                        "",
                        () -> new Accepting(true, When.MEANWHILE, Listener::accept)));
    }

    /// A connection is accepted, or stays where it is.
    private static final class Accepting extends Stage {
        private final Listener<StreamSocket> listener;
        private final Use use;
        private final When when;
        private @Nullable StreamSocket client;
        private @Nullable StreamSocket accepted;

        interface Use {
            @Nullable
            StreamSocket of(Listener<StreamSocket> listener) throws Exception;
        }

        Accepting(boolean shared, When when, Use use) throws IOException {
            this.use = use;
            this.when = when;
            listener = shared ? shared() : Listener.stream(Places.name());
            if (when == When.BEFORE) {
                StreamSocket _ = connect();
            }
        }

        /// One that blocks, as those do which others have as well.
        private static Listener<StreamSocket> shared() throws IOException {
            try (var own = Listener.stream(Places.name())) {
                Numbers.setBlocking(own);
                return Listener.adoptStream(Numbers.another(own));
            }
        }

        @Override
        void run() throws Exception {
            accepted = use.of(listener);
        }

        @Override
        void meanwhile(BooleanSupplier over) throws IOException {
            if (when == When.MEANWHILE) {
                awaitWaiter(listener, over);
                StreamSocket _ = connect();
            }
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            StreamSocket one = client != null ? client : connect();
            StreamSocket other = accepted;
            if (other == null) {
                other = listener.accept(soon());
                accepted = other;
            }
            StreamStage.assertUsable(one, other);
        }

        @Override
        public void close() throws IOException {
            listener.close();
            if (client != null) {
                client.close();
            }
            if (accepted != null) {
                accepted.close();
            }
        }

        private StreamSocket connect() throws IOException {
            StreamSocket connected = StreamSocket.open(listener.localAddress());
            client = connected;
            return connected;
        }
    }

    /// A connection of packets is accepted, which then may have been lost, as it was ours already.
    private static final class PacketAccepting extends Stage {
        private final Listener<MessageSocket> listener = Listener.seqpacket(Places.name());
        private final MessageSocket client = MessageSocket.open(SocketPair.AF_UNIX, SocketPair.SOCK_SEQPACKET)
                .connect(listener.localAddress());
        private @Nullable MessageSocket accepted;

        PacketAccepting() throws IOException {}

        @Override
        void run() throws IOException {
            accepted = listener.accept(soon());
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            if (accepted != null) {
                MessageStage.assertUsable(client, accepted);
            }
        }

        @Override
        public void close() throws IOException {
            try (listener;
                    client) {
                if (accepted != null) {
                    accepted.close();
                }
            }
        }
    }
}
