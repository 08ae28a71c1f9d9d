package dev.dyad.bench;

import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Signal;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// Kills children while a thread is in a call on our end: prints how soon that call tells of it in 99 of 100 tries, in
/// microseconds.
public final class Death {

    /// A read that follows the kill at once, after answers that did not take long: it tries again and again.
    static final String SPINNING = "spinning";
    /// A read that waits.
    static final String PARKED = "parked";
    /// A write of more than there is room for, which waits.
    static final String WRITING = "writing";

    private static final int CONVERSATION = 100; // so long that it has found out whether to spin
    private static final int MESSAGE = 64;
    private static final int TOO_MUCH = 1 << 22;
    private static final long PAUSE_NANOS = 100_000;

    private Death() {}

    /// Measures.
    ///
    /// @param arguments what the thread does, how many children are killed, and a program that echoes
    public static void main(String[] arguments) throws Exception {
        int tries = Integer.parseInt(arguments[1]);
        var nanos = new Histogram(3);
        for (int i = 0; i < tries; i++) {
            try (Child child = Command.of(arguments[2], "echo").spawn()) {
                nanos.recordValue(nanos(arguments[0], child));
            }
        }
        System.out.println(nanos.getValueAtPercentile(99) / 1e3);
    }

    private static long nanos(String how, Child child) throws Exception {
        StreamSocket end = child.socket();
        return switch (how) {
            case SPINNING -> whileSpinning(child);
            case PARKED -> whileWaiting(child, () -> read(end));
            case WRITING -> whileWaiting(child, () -> write(end));
            default -> throw new IllegalArgumentException(how);
        };
    }

    private static long whileSpinning(Child child) throws IOException {
        for (int i = 0; i < CONVERSATION; i++) {
            child.socket().write(ByteBuffer.allocate(MESSAGE));
            child.socket().read(ByteBuffer.allocate(MESSAGE));
        }
        long killed = kill(child);
        return read(child.socket()) - killed;
    }

    private static long whileWaiting(Child child, Callable<Long> call) throws Exception {
        var told = new FutureTask<>(call);
        Thread.ofPlatform().start(told);
        while (child.socket().waiters() == 0) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        long killed = kill(child);
        return told.get() - killed;
    }

    /// @return when
    private static long kill(Child child) throws IOException {
        long now = System.nanoTime();
        if (!child.signal(Signal.KILL)) {
            throw new IOException("the child has ended by itself");
        }
        return now;
    }

    /// @return when the end was found
    private static long read(StreamSocket end) throws IOException {
        if (end.read(ByteBuffer.allocate(MESSAGE)) >= 0) {
            throw new IOException("the child said what it was not asked for");
        }
        return System.nanoTime();
    }

    /// @return when the write failed
    private static long write(StreamSocket end) throws IOException {
        try {
            end.write(ByteBuffer.allocate(TOO_MUCH));
        } catch (SystemCallException gone) {
            return System.nanoTime();
        }
        throw new IOException("the child has read everything");
    }
}
