package dev.dyad.socket.waiting;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SigAction;
import dev.dyad.posix.Signals;
import dev.dyad.socket.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The signal that ends a system call of another thread, which then answers `EINTR`.
///
/// It is the highest real-time signal that nobody has a handler for, below those that the JDK may use. Its
/// handler does nothing. A child does not have it: `execve(2)` makes every handler the default. Once somebody
/// else has put a handler in the place of ours, the signal is theirs, and another one is taken.
public final class WakeSignal {

    private static final Platform OS = Platforms.current();
    private static final int HIGHEST = OS.NSIG() - 4; // the JDK's channels use the one above
    private static final int LOWEST = OS.signal("SIGSYS") + 4; // what is below is the C library's
    private static final int PROCESS = (int) ProcessHandle.current().pid();

    /// Its number, or zero where there is none.
    static volatile int number = OS.isNative() ? install() : 0; // written under the class

    private WakeSignal() {}

    /// Returns whether it ends the calls of this thread, as the thread does not hold it back now.
    static boolean reachesThisThread() {
        int signal = number;
        return signal != 0 && !isHeldBack(signal);
    }

    /// Returns the number of this thread, one of ours, which takes the signal from now on whatever it was
    /// started with; or -1 where there is no signal.
    public static int ownThread() {
        try (var arena = Arena.ofConfined()) {
            int signal = number;
            MemorySegment set = arena.allocate(OS.sizeofSignalSet(), Long.BYTES);
            if (signal != 0) {
                set.setAtIndex(ValueLayout.JAVA_LONG, (signal - 1) / Long.SIZE, 1L << (signal - 1));
            }
            boolean takes = signal != 0 && Signals.pthread_sigmask(OS.SIG_UNBLOCK(), set, MemorySegment.NULL) == 0;
            return takes ? OS.currentThread() : -1;
        }
    }

    /// Sends it to a thread of this process, which has not ended.
    ///
    /// It need not get there: the thread may hold it back, and be in no call yet. Where the user has too many
    /// signals pending, only a signal to the process still goes. The kernel offers that first to the thread that
    /// has the number.
    static void send(int thread) {
        try (var call = CallState.open()) {
            int signal = ours(call);
            if (signal != 0 && OS.signalThread(call, PROCESS, thread, signal) == -Errno.EAGAIN.code()) {
                int _ = Signals.kill(call, thread, signal);
            }
        }
    }

    /// Returns the number of the signal, which is another one once somebody else has a handler for it.
    private static int ours(CallState call) {
        int known = number;
        return known == 0 || isOurs(call, known) ? known : renew(call);
    }

    private static synchronized int renew(CallState call) {
        if (!isOurs(call, number)) {
            number = install();
        }
        return number;
    }

    private static boolean isHeldBack(int signal) {
        try (var arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocate(OS.sizeofSignalSet(), Long.BYTES);
            return Signals.pthread_sigmask(0, MemorySegment.NULL, set) != 0 || contains(set, signal);
        }
    }

    private static boolean contains(MemorySegment set, int signal) {
        long word = set.getAtIndex(ValueLayout.JAVA_LONG, (signal - 1) / Long.SIZE);
        return (word >>> (signal - 1) & 1) != 0;
    }

    /// Returns the number of the signal that is ours from now on, or zero where there is none left.
    private static int install() {
        try (var call = CallState.open()) {
            for (int signal = HIGHEST; signal >= LOWEST; signal--) {
                if (isOurs(call, signal) || take(call, signal)) {
                    return signal;
                }
            }
            return 0;
        }
    }

    private static boolean isOurs(CallState call, int signal) {
        return handler(call, signal).equals(Signals.handlerThatDoesNothing());
    }

    private static boolean take(CallState call, int signal) {
        return isFree(call, signal) && handle(call, signal);
    }

    private static boolean isFree(CallState call, int signal) {
        return handler(call, signal).equals(MemorySegment.NULL);
    }

    private static MemorySegment handler(CallState call, int signal) {
        MemorySegment action = call.allocate(SigAction.LAYOUT);
        int answer = Signals.sigaction(call, signal, MemorySegment.NULL, action);
        return answer == 0 ? SigAction.handler(action) : MemorySegment.ofAddress(-1);
    }

    private static boolean handle(CallState call, int signal) {
        MemorySegment action = call.allocate(SigAction.LAYOUT);
        SigAction.setHandler(action, Signals.handlerThatDoesNothing());
        return Signals.sigaction(call, signal, action, MemorySegment.NULL) == 0;
    }
}
