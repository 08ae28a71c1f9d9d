package dev.dyad.socket;

import static dev.dyad.socket.When.BEFORE;
import static dev.dyad.socket.When.MEANWHILE;
import static dev.dyad.socket.When.TOO_LATE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What moves messages between the two sockets of a pair.
final class MessageOperations {

    private MessageOperations() {}

    static Stream<Operation> all() {
        return Stream.of(
                        sending(),
                        receiving(),
                        batches(),
                        ending(),
                        waiting().stream(),
                        waiting().stream().map(Operation::onVirtualThread))
                .flatMap(some -> some);
    }

    private static Stream<Operation> sending() {
        return Stream.of(
                Operation.of(
                        "send a datagram",
                        "MessageSocket.send(ByteBuffer)",
                        () -> new Sending(SocketPair::datagram, 0, BEFORE, (end, message, _) -> end.send(message))),
                Operation.of(
                        "send a packet",
                        "MessageSocket.send(ByteBuffer,Deadline)",
                        () -> new Sending(
                                SocketPair::seqpacket,
                                0,
                                BEFORE,
                                (end, message, _) -> end.send(message, Stage.soon()))),
                Operation.of(
                        "send a descriptor in a datagram",
                        "MessageSocket.send(ByteBuffer,Collection)",
                        () -> new Sending(SocketPair::datagram, 1, BEFORE, MessageSocket::send)),
                Operation.of(
                        "send a descriptor in a packet",
                        "MessageSocket.send(ByteBuffer,Collection,Deadline)",
                        () -> new Sending(
                                SocketPair::seqpacket,
                                1,
                                BEFORE,
                                (end, message, descriptors) -> end.send(message, descriptors, Stage.soon()))),
                Operation.of(
                        "send a datagram of several parts",
                        "MessageSocket.send(ByteBuffer[])",
                        () -> new Sending(
                                SocketPair::datagram,
                                0,
                                BEFORE,
                                (end, message, _) -> end.send(new ByteBuffer[] {ByteBuffer.allocate(0), message}))),
                Operation.of(
                        "send a packet of several parts with a descriptor",
                        "MessageSocket.send(ByteBuffer[],Collection,Deadline)",
                        () -> new Sending(
                                SocketPair::seqpacket,
                                1,
                                BEFORE,
                                (end, message, descriptors) -> end.send(
                                        new ByteBuffer[] {message, ByteBuffer.allocateDirect(0)},
                                        descriptors,
                                        Stage.soon()))),
                Operation.of(
                        "try to send a packet",
                        "MessageSocket.trySend(ByteBuffer)",
                        () -> new Sending(SocketPair::seqpacket, 0, BEFORE, (end, message, _) -> end.trySend(message))),
                Operation.of(
                        "try to send a packet that has no room",
                        "",
                        () -> new Sending(
                                SocketPair::seqpacket, 0, TOO_LATE, (end, message, _) -> end.trySend(message))));
    }

    private static Stream<Operation> receiving() {
        return Stream.of(
                Operation.of(
                        "receive a datagram",
                        "MessageSocket.receive(ByteBuffer)",
                        () -> new Receiving(SocketPair::datagram, 0, BEFORE, MessageSocket::receive)),
                Operation.of(
                        "receive a packet",
                        "MessageSocket.receive(ByteBuffer,Deadline)",
                        () -> new Receiving(
                                SocketPair::seqpacket, 0, BEFORE, (end, target) -> end.receive(target, Stage.soon()))),
                Operation.of(
                        "receive a descriptor",
                        "MessageSocket.receive(ByteBuffer,int,Deadline) Received.close()",
                        () -> new Receiving(
                                SocketPair::seqpacket,
                                1,
                                BEFORE,
                                (end, target) -> end.receive(target, 2, Stage.soon()))),
                Operation.of(
                        "receive a packet in several parts with a descriptor",
                        "MessageSocket.receive(ByteBuffer[],int,Deadline)",
                        () -> new Receiving(
                                SocketPair::seqpacket,
                                1,
                                BEFORE,
                                (end, target) -> end.receive(
                                        new ByteBuffer[] {ByteBuffer.allocate(0), target}, 2, Stage.soon()))),
                Operation.of(
                        "look at a packet that has a descriptor",
                        "MessageSocket.peek(ByteBuffer,Deadline)",
                        () -> new Receiving(SocketPair::seqpacket, 1, BEFORE, (end, _) -> {
                            end.peek(ByteBuffer.allocate(100), Stage.soon()).close();
                            return null;
                        })),
                Operation.of(
                        "try to look at a datagram",
                        "MessageSocket.tryPeek(ByteBuffer)",
                        () -> new Receiving(SocketPair::datagram, 0, BEFORE, (end, _) -> {
                            Received _ = end.tryPeek(ByteBuffer.allocate(100));
                            return null;
                        })),
                Operation.of(
                        "try to receive a descriptor",
                        "MessageSocket.tryReceive(ByteBuffer,int)",
                        () -> new Receiving(
                                SocketPair::datagram, 1, BEFORE, (end, target) -> end.tryReceive(target, 2))),
                Operation.of(
                        "try to receive what is not there",
                        "",
                        () -> new Receiving(
                                SocketPair::seqpacket, 0, TOO_LATE, (end, target) -> end.tryReceive(target, 2))));
    }

    private static Stream<Operation> batches() {
        return Stream.of(
                Operation.of(
                        "send a batch of datagrams",
                        "MessageSocket.send(MessageBatch)",
                        () -> new BatchSending(SocketPair::datagram, MessageSocket::send)),
                Operation.of(
                        "send a batch of packets",
                        "MessageSocket.send(MessageBatch,Deadline)",
                        () -> new BatchSending(SocketPair::seqpacket, (end, batch) -> end.send(batch, Stage.soon()))),
                Operation.of(
                        "receive a batch of datagrams",
                        "MessageSocket.receive(MessageBatch)",
                        () -> new BatchReceiving(SocketPair::datagram, BEFORE, MessageSocket::receive)),
                Operation.of(
                        "receive a batch of packets",
                        "MessageSocket.receive(MessageBatch,Deadline)",
                        () -> new BatchReceiving(
                                SocketPair::seqpacket, BEFORE, (end, batch) -> end.receive(batch, Stage.soon()))),
                Operation.of(
                        "wait to receive a batch",
                        "",
                        () -> new BatchReceiving(SocketPair::datagram, MEANWHILE, MessageSocket::receive)));
    }

    private static Stream<Operation> ending() {
        return Stream.of(
                Operation.of("end the input of messages", "MessageSocket.shutdownInput()", () -> new Shutting(false)),
                Operation.of("end the output of messages", "MessageSocket.shutdownOutput()", () -> new Shutting(true)));
    }

    private static List<Operation> waiting() {
        return List.of(
                Operation.of(
                        "wait to send a descriptor",
                        "",
                        () -> new Sending(SocketPair::datagram, 1, MEANWHILE, MessageSocket::send)),
                Operation.inVain(
                        "wait to send too long",
                        "",
                        () -> new Sending(
                                SocketPair::seqpacket,
                                0,
                                TOO_LATE,
                                (end, message, _) -> Stage.late(() -> end.send(message, Stage.shortly())))),
                Operation.of(
                        "wait to receive a descriptor",
                        "",
                        () -> new Receiving(
                                SocketPair::seqpacket,
                                1,
                                MEANWHILE,
                                (end, target) -> end.receive(target, 2, Stage.soon()))),
                Operation.inVain(
                        "wait to receive too long",
                        "",
                        () -> new Receiving(SocketPair::datagram, 0, TOO_LATE, (end, target) -> {
                            Stage.late(
                                    () -> end.receive(target, Stage.shortly()).close());
                            return null;
                        })));
    }

    private interface BatchUse {
        void of(MessageSocket end, MessageBatch batch) throws IOException;
    }

    /// Messages are sent: those that the batch counts arrive, and the next try sends the others.
    private static final class BatchSending extends MessageStage {
        private final MessageBatch batch = MessageBatch.allocate(3, 10);
        private final BatchUse use;

        BatchSending(Kind kind, BatchUse use) throws IOException {
            super(kind);
            this.use = use;
            for (int i = 1; i <= 3; i++) {
                batch.add(ByteBuffer.wrap(bytes(i)));
            }
        }

        @Override
        void run() throws IOException {
            use.of(end, batch);
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            assertThat(batch.sent()).isEqualTo(thrown == null ? 3 : 0);
            end.send(batch, soon());
            for (int i = 1; i <= 3; i++) {
                assertNext(peer, bytes(i), 0);
            }
            assertUsable(end, peer);
        }
    }

    /// Messages are received, or stay where they are.
    private static final class BatchReceiving extends MessageStage {
        private final MessageBatch batch = MessageBatch.allocate(3, 10);
        private final BatchUse use;
        private final When when;

        BatchReceiving(Kind kind, When when, BatchUse use) throws IOException {
            super(kind);
            this.use = use;
            this.when = when;
            if (when == BEFORE) {
                send();
            }
        }

        @Override
        void run() throws IOException {
            use.of(end, batch);
        }

        @Override
        void meanwhile(BooleanSupplier over) throws IOException {
            if (when == MEANWHILE) {
                awaitWaiter(end, over);
                send();
            }
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            int received = batch.count();
            for (int i = 0; i < received; i++) {
                assertThat(batch.message(i)).isEqualTo(ByteBuffer.wrap(bytes(1)));
            }
            for (int i = received; i < 2; i++) {
                assertNext(end, bytes(1), 0);
            }
            assertUsable(end, peer);
        }

        private void send() throws IOException {
            for (int i = 0; i < 2; i++) {
                peer.send(ByteBuffer.wrap(bytes(1)), soon());
            }
        }
    }

    /// One direction is ended, at the latest by the second try.
    private static final class Shutting extends MessageStage {
        private final boolean output;

        Shutting(boolean output) throws IOException {
            super(SocketPair::seqpacket);
            this.output = output;
        }

        @Override
        void run() throws IOException {
            MessageSocket _ = output ? end.shutdownOutput() : end.shutdownInput();
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            run();
            try (Received received = (output ? peer : end).receive(ByteBuffer.allocate(1), soon())) {
                assertThat(received.isEnd()).isTrue();
            }
            assertMoves(output ? peer : end, output ? end : peer);
        }
    }
}
