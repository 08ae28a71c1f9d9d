package dev.dyad.php.error;

import dev.dyad.php.PhpError;
import dev.dyad.php.socket.PhpSocket;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// PHP's two error slots, and its warnings.
///
/// A failed call sets the slot of its socket and the global one, which is one per thread, and warns, unless
/// it only had to wait. Success clears nothing.
public final class Errors {

    /// From here down an error is the resolver's, by its `h_errno`.
    public static final int RESOLVER = -10_000;

    private static final Platform OS = Platforms.current();
    private static final int EAGAIN = OS.errno("EAGAIN");
    private static final int EINPROGRESS = OS.errno("EINPROGRESS");

    private static final ThreadLocal<Integer> GLOBAL = ThreadLocal.withInitial(() -> 0);

    private static final StackWalker CALLERS = StackWalker.getInstance();
    private static final String HERE = PhpError.class.getPackageName() + ".";

    private static volatile Consumer<String> warnings = Errors::print;

    private Errors() {}

    public static int last() {
        return GLOBAL.get();
    }

    public static void set(int errno) {
        GLOBAL.set(errno);
    }

    /// Notes a failure.
    ///
    /// @param socket whose it is, or `null` where none survived it or was part of it
    /// @param answer `-errno`
    public static void note(@Nullable PhpSocket socket, String function, String text, long answer) {
        int errno = (int) -answer;
        if (socket != null) {
            socket.lastError(errno);
        }
        GLOBAL.set(errno);
        if (errno != EAGAIN && errno != EINPROGRESS) {
            warnOf(function, text, errno);
        }
    }

    /// Notes what a call answered if it failed.
    ///
    /// @return whether it did not
    public static boolean succeeded(@Nullable PhpSocket socket, String function, String text, long answer) {
        if (answer < 0) {
            note(socket, function, text, answer);
        }
        return answer >= 0;
    }

    /// Notes what a call answered if it failed, and returns what PHP returns: that, or -1 for `false`.
    public static int result(@Nullable PhpSocket socket, String function, String text, long answer) {
        return succeeded(socket, function, text, answer) ? (int) answer : -1;
    }

    /// Notes a failure that no socket is blamed for, and that PHP tells of whatever it is.
    ///
    /// @return -1 for `false`
    public static int noteLoudly(String function, String text, long answer) {
        GLOBAL.set((int) -answer);
        warnOf(function, text, (int) -answer);
        return -1;
    }

    /// Warns of what no error number tells; no slot changes.
    public static void warn(String function, String text) {
        warn(function + "(): " + text);
    }

    /// Returns the text of an error number: the C library's, or below -10000 the resolver's.
    public static String text(int errno) {
        return switch (errno) {
            case RESOLVER - 1 -> "Unknown host";
            case RESOLVER - 2 -> "Host name lookup failure";
            case RESOLVER - 3 -> "Unknown server error";
            case RESOLVER - 4 -> "No address associated with name";
            default -> errno < RESOLVER ? "Unknown resolver error" : OS.errnoText(errno);
        };
    }

    public static Consumer<String> onWarning(Consumer<String> handler) {
        Consumer<String> before = warnings;
        warnings = handler;
        return before;
    }

    /// Returns the number that PHP would have seen.
    public static int errnoOf(IOException failure) {
        return switch (failure) {
            case SystemCallException e -> e.errno().code();
            case ClosedByInterruptException e -> OS.errno("EINTR");
            case ClosedChannelException e -> OS.errno("EBADF");
            default -> errnoOf(String.valueOf(failure.getMessage()));
        };
    }

    /// Where there is no native access the JDK opens the pair, and says only in words what it lacked.
    private static int errnoOf(String message) {
        for (String name : List.of("EMFILE", "ENFILE")) {
            if (message.contains(OS.errnoText(OS.errno(name)))) {
                return OS.errno(name);
            }
        }
        return OS.errno("EIO");
    }

    private static void warnOf(String function, String text, int errno) {
        warn(function + "(): " + text + " [" + errno + "]: " + text(errno));
    }

    public static void warn(String text) {
        warnings.accept(text);
    }

    /// Prints what PHP's command line prints to stderr, with the line that called.
    private static void print(String text) {
        System.err.println("PHP Warning:  " + text
                + CALLERS.walk(
                        frames -> frames.filter(frame -> !frame.getClassName().startsWith(HERE))
                                .findFirst()
                                .map(frame -> " in " + frame.getFileName() + " on line " + frame.getLineNumber())
                                .orElse(" in Unknown on line 0")));
    }
}
