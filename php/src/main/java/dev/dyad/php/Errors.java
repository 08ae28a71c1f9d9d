package dev.dyad.php;

import dev.dyad.posix.Platform;
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
final class Errors {

    private static final ThreadLocal<Integer> GLOBAL = ThreadLocal.withInitial(() -> 0);

    private static final StackWalker CALLERS = StackWalker.getInstance();
    private static final String HERE = Errors.class.getPackageName() + ".";

    private static volatile Consumer<String> warnings = Errors::print;

    private Errors() {}

    static int last() {
        return GLOBAL.get();
    }

    static void set(int errno) {
        GLOBAL.set(errno);
    }

    /// Notes a failure that no socket survived, or that none was part of.
    static void note(String function, String text, int errno) {
        note(null, function, text, errno);
    }

    /// Notes what a call answered, as [#note(Socket, String, String, int)] does.
    ///
    /// @param answer `-errno`
    static void note(@Nullable Socket socket, String function, String text, long answer) {
        note(socket, function, text, (int) -answer);
    }

    /// Notes what a call answered if it failed.
    ///
    /// @return whether it did not
    static boolean succeeded(@Nullable Socket socket, String function, String text, long answer) {
        if (answer < 0) {
            note(socket, function, text, answer);
        }
        return answer >= 0;
    }

    /// Notes what a call answered if it failed, and returns what PHP returns: that, or -1 for `false`.
    static int result(@Nullable Socket socket, String function, String text, long answer) {
        return succeeded(socket, function, text, answer) ? (int) answer : -1;
    }

    static void note(@Nullable Socket socket, String function, String text, int errno) {
        if (socket != null) {
            socket.lastError(errno);
        }
        GLOBAL.set(errno);
        if (errno != Sockets.SOCKET_EAGAIN && errno != Sockets.SOCKET_EINPROGRESS) {
            warnOf(function, text, errno);
        }
    }

    /// Notes a failure that no socket is blamed for, and that PHP tells of whatever it is.
    static void noteLoudly(String function, String text, long answer) {
        GLOBAL.set((int) -answer);
        warnOf(function, text, (int) -answer);
    }

    /// Warns of what no error number tells; no slot changes.
    static void warn(String function, String text) {
        warn(function + "(): " + text);
    }

    static Consumer<String> onWarning(Consumer<String> handler) {
        Consumer<String> before = warnings;
        warnings = handler;
        return before;
    }

    /// Returns the number that PHP would have seen.
    static int errnoOf(IOException failure) {
        return switch (failure) {
            case SystemCallException e -> e.errno().code();
            case ClosedByInterruptException e -> Sockets.SOCKET_EINTR;
            case ClosedChannelException e -> Sockets.SOCKET_EBADF;
            default -> errnoOf(String.valueOf(failure.getMessage()));
        };
    }

    /// Where there is no native access the JDK opens the pair, and says only in words what it lacked.
    private static int errnoOf(String message) {
        Platform os = Platform.current();
        for (String name : List.of("EMFILE", "ENFILE")) {
            if (message.contains(os.errnoText(os.errno(name)))) {
                return os.errno(name);
            }
        }
        return os.errno("EIO");
    }

    private static void warnOf(String function, String text, int errno) {
        warn(function + "(): " + text + " [" + errno + "]: " + Strerror.text(errno));
    }

    static void warn(String text) {
        warnings.accept(text);
    }

    /// Prints what PHP's command line prints to stderr, with the line that called.
    private static void print(String text) {
        System.err.println("PHP Warning:  " + text
                + CALLERS.walk(frames -> frames.filter(Errors::isElsewhere)
                        .findFirst()
                        .map(frame -> " in " + frame.getFileName() + " on line " + frame.getLineNumber())
                        .orElse(" in Unknown on line 0")));
    }

    private static boolean isElsewhere(StackWalker.StackFrame frame) {
        return !frame.getClassName().startsWith(HERE);
    }
}
