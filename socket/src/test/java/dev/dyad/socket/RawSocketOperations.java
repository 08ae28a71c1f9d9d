package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SockAddrUn;
import dev.dyad.posix.SysSocket;
import dev.dyad.socket.fd.RawSocket;
import dev.dyad.socket.fd.SocketAddresses;
import dev.dyad.socket.select.FdSelection;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Calls on a descriptor as they are, which answer their error.
final class RawSocketOperations {

    private static final Platform OS = Platforms.current();
    private static final int RECEIVE = OS.MSG_DONTWAIT();
    private static final int SEND = OS.MSG_DONTWAIT() | OS.MSG_NOSIGNAL();
    private static final int MESSAGE = 3;
    private static final int FILLING = 4096;
    private static final long A_MILLISECOND = 1_000_000;

    private RawSocketOperations() {}

    static Stream<Operation> all() {
        return Stream.of(
                        atOnce().stream(),
                        waiting().stream(),
                        waiting().stream().map(Operation::onVirtualThread))
                .flatMap(some -> some)
                .map(Operation::answering);
    }

    private static List<Operation> atOnce() {
        return List.of(
                Operation.of(
                        "receive what is there by a call",
                        "RawSocket.receiving(Call)",
                        () -> new Receiving(When.BEFORE)),
                Operation.of(
                                "receive by a call that does not wait",
                                "RawSocket.call(Call)",
                                () -> new Calling(stage -> stage.left.call(RawSocketOperations::receive), When.BEFORE))
                        .where("recv", ManualErrors.Meaning.EITHER),
                Operation.of(
                        "send by a call",
                        "RawSocket.sending(Call)",
                        () -> new Calling(stage -> stage.left.sending(RawSocketOperations::send), When.TOO_LATE)),
                Operation.of(
                        "send to an address by a call",
                        "RawSocket.sendingTo(Call)",
                        () -> new Calling(stage -> stage.left.sendingTo(RawSocketOperations::send), When.TOO_LATE)),
                Operation.of(
                                "shut a direction down by a call",
                                "RawSocket.shutdown(int)",
                                () -> new Calling(stage -> stage.left.shutdown(OS.SHUT_WR()), When.TOO_LATE))
                        .where("shutdown", ManualErrors.Meaning.FAILURE),
                Operation.of(
                        "close the socket of calls",
                        "RawSocket.close()",
                        () -> new Using<>(another(), RawSocket::close)),
                Operation.of("connect by a call", "RawSocket.connect(MemorySegment,int)", Connecting::new),
                accepting(Operation.of("accept by a call", "RawSocket.accept()", () -> new Accepting(When.BEFORE))),
                Operation.of(
                        "select what is there by a call",
                        "FdSelection.borrow(RawSocket) FdSelection.want(RawSocket,int)"
                                + " FdSelection.select(Deadline) FdSelection.giveBack()",
                        () -> new Selecting(When.BEFORE)));
    }

    private static List<Operation> waiting() {
        return List.of(
                Operation.of("wait to receive by a call", "", () -> new Receiving(When.MEANWHILE)),
                accepting(Operation.of("wait to accept by a call", "", () -> new Accepting(When.MEANWHILE))),
                Operation.of("wait to send by a call", "", Sending::new),
                Operation.of("wait in a select by a call", "", () -> new Selecting(When.MEANWHILE)));
    }

    /// A connection that fails is told; an `fcntl` that would block, which none does, is made again.
    private static Operation accepting(Operation operation) {
        return operation.where("accept4", ManualErrors.Meaning.EITHER).where("fcntl", ManualErrors.Meaning.EITHER);
    }

    /// Throws what a call answers; which call it was that failed, it does not say.
    private static long told(long answer) throws SystemCallException {
        if (answer < 0) {
            throw new SystemCallException("a call", Errno.of(answer));
        }
        return answer;
    }

    private static long receive(CallState state, int fd, MemorySegment room) {
        return SysSocket.recv(state, fd, room.asSlice(0, MESSAGE), RECEIVE);
    }

    private static long send(CallState state, int fd, MemorySegment room) {
        return SysSocket.send(state, fd, room.asSlice(0, MESSAGE), SEND);
    }

    private static RawSocket another() throws IOException {
        try (var pair = SocketPair.stream()) {
            return RawSocket.own(Numbers.another(pair.left()), OS.AF_UNIX());
        }
    }

    private static void awaitTurn(RawSocket socket, BooleanSupplier over) {
        Await.until(() -> socket.waiters() > 0 || over.getAsBoolean(), Stage.SOON);
    }

    /// A stage with a pair.
    private abstract static class SystemStage extends Stage {
        final RawSocket left;
        final RawSocket right;

        SystemStage() throws IOException {
            try (var pair = SocketPair.stream()) {
                left = RawSocket.own(Numbers.another(pair.left()), OS.AF_UNIX());
                right = RawSocket.own(Numbers.another(pair.right()), OS.AF_UNIX());
            }
        }

        final void send() {
            assertThat(right.call(RawSocketOperations::send)).isEqualTo(MESSAGE);
        }

        @Override
        public void close() throws IOException {
            left.close();
            right.close();
        }
    }

    /// What is there is received, or stays there.
    private static class Receiving extends SystemStage {
        private final When when;
        private long received;

        Receiving(When when) throws IOException {
            this.when = when;
            if (when == When.BEFORE) {
                send();
            }
        }

        @Override
        void run() throws IOException {
            received = told(left.receiving(RawSocketOperations::receive));
        }

        @Override
        void meanwhile(BooleanSupplier over) {
            if (when == When.MEANWHILE) {
                awaitTurn(left, over);
                send();
            }
        }

        @Override
        void verify(@Nullable Throwable thrown) {
            long more = left.call(RawSocketOperations::receive);
            assertThat(received + Math.max(0, more)).isEqualTo(MESSAGE);
        }
    }

    /// A call that does not wait.
    private static final class Calling extends SystemStage {
        private final Use use;

        interface Use {
            long of(SystemStage stage) throws IOException;
        }

        Calling(Use use, When when) throws IOException {
            this.use = use;
            if (when == When.BEFORE) {
                send();
            }
        }

        @Override
        void run() throws IOException {
            long _ = told(use.of(this));
        }
    }

    /// There is no room at first.
    private static final class Sending extends SystemStage {
        private long filled;
        private long sent;

        Sending() throws IOException {
            for (long more = fill(); more > 0; more = fill()) {
                filled += more;
            }
        }

        private long fill() {
            return left.call((state, fd, room) -> SysSocket.send(state, fd, room.asSlice(0, FILLING), SEND));
        }

        @Override
        void run() throws IOException {
            sent = told(left.sending(RawSocketOperations::send));
        }

        @Override
        void meanwhile(BooleanSupplier over) {
            awaitTurn(left, over);
            filled -= drain();
        }

        private long drain() {
            long taken = 0;
            while (taken < filled) {
                taken += take();
            }
            return taken;
        }

        private long take() {
            return right.call((state, fd, room) -> SysSocket.recv(state, fd, room.asSlice(0, FILLING), RECEIVE));
        }

        @Override
        void verify(@Nullable Throwable thrown) {
            long rest = 0;
            for (long more = take(); more > 0; more = take()) {
                rest += more;
            }
            assertThat(rest).isEqualTo(filled + sent);
        }
    }

    /// A connection is made, or none.
    private static final class Connecting extends Stage {
        private final UnixAddress name = Places.name();
        private final Listener<StreamSocket> listener = Listener.stream(name);
        private final RawSocket socket;

        Connecting() throws IOException {
            try (var arena = Arena.ofConfined()) {
                int type = OS.SOCK_STREAM() | OS.SOCK_CLOEXEC();
                int fd = SysSocket.socket(new CallState(arena), OS.AF_UNIX(), type, 0);
                assertThat(fd).isPositive();
                socket = RawSocket.own(fd, OS.AF_UNIX());
            }
        }

        @Override
        void run() throws IOException {
            try (var arena = Arena.ofConfined()) {
                MemorySegment address = arena.allocate(SockAddrUn.LAYOUT);
                long _ = told(
                        socket.connect(address, SockAddrUn.set(address, OS.AF_UNIX(), SocketAddresses.sunPath(name))));
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
            listener.close();
        }
    }

    /// A connection is accepted, or stays where it is.
    private static final class Accepting extends Stage {
        private final UnixAddress name = Places.name();
        private final RawSocket listener;
        private final When when;
        private @Nullable StreamSocket client;
        private int accepted = -1;

        Accepting(When when) throws IOException {
            this.when = when;
            try (var own = Listener.stream(name)) {
                Numbers.setBlocking(own);
                listener = RawSocket.own(Numbers.another(own), OS.AF_UNIX());
            }
            if (when == When.BEFORE) {
                client = StreamSocket.open(name);
            }
        }

        @Override
        void run() throws IOException {
            accepted = (int) told(listener.accept());
        }

        @Override
        void meanwhile(BooleanSupplier over) throws IOException {
            if (when == When.MEANWHILE) {
                awaitTurn(listener, over);
                client = StreamSocket.open(name);
            }
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            if (accepted < 0) {
                accepted = (int) told(listener.accept());
            }
            Numbers.close(accepted);
        }

        @Override
        public void close() throws IOException {
            listener.close();
            if (client != null) {
                client.close();
            }
        }
    }

    /// One of two is ready, or none is.
    private static final class Selecting extends SystemStage {
        private final When when;

        Selecting(When when) throws IOException {
            this.when = when;
            if (when == When.BEFORE) {
                send();
            }
        }

        @Override
        void run() throws IOException {
            var selection = FdSelection.borrow(left);
            try {
                selection.want(left, FdSelection.READ);
                long ready = told(selection.select(when == When.TOO_LATE ? shortly() : soon()));
                assertThat(ready).isEqualTo(when == When.TOO_LATE ? 0 : 1);
                assertThat(selection.isReady(left, FdSelection.READ)).isEqualTo(ready == 1);
            } finally {
                selection.giveBack();
            }
        }

        @Override
        void meanwhile(BooleanSupplier over) {
            if (when == When.MEANWHILE) {
                LockSupport.parkNanos(A_MILLISECOND); // for nothing tells that it waits
                send();
            }
        }

        @Override
        void verify(@Nullable Throwable thrown) {
            if (when != When.TOO_LATE) {
                assertThat(left.call(RawSocketOperations::receive)).isEqualTo(MESSAGE);
            }
        }
    }
}
