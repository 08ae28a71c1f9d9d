package dev.dyad.bench;

import dev.dyad.process.Child;
import dev.dyad.socket.BorrowedFd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// What [RoundTrip] does by nothing but `send` and a `recv` that blocks: what a round trip from a JVM costs at
/// least.
public final class BareRoundTrip {

    private static final MethodHandle SEND = Bare.linkTransfer("send");
    private static final MethodHandle RECV = Bare.linkTransfer("recv");

    private final MemorySegment state;
    private final MemorySegment message;
    private final int fd;

    private BareRoundTrip(Arena arena, int fd) {
        state = arena.allocate(Linker.Option.captureStateLayout());
        message = arena.allocate(RoundTrip.MESSAGE);
        this.fd = fd;
    }

    /// Asks a child that echoes.
    ///
    /// @param arguments those of [RoundTrip]
    public static void main(String[] arguments) throws IOException {
        try (Child child = RoundTrip.echo(arguments[0]).spawn();
                BorrowedFd lent = child.socket().borrow();
                var arena = Arena.ofConfined()) {
            RoundTrip.print(arguments, new BareRoundTrip(arena, lent.fd())::ask);
        }
    }

    private void ask() {
        long size = RoundTrip.MESSAGE;
        try {
            Bare.require((long) SEND.invokeExact(state, fd, message, size, 0) == size);
            Bare.require((long) RECV.invokeExact(state, fd, message, size, 0) == size);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
