package dev.dyad.php;

import dev.dyad.posix.Platform;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.JavaCommand;
import dev.dyad.process.StaticMethod;
import java.io.IOException;
import java.util.List;

/// Starts the new JVM that stands for a forked process.
final class Forks {

    private static final String FUNCTION = "pcntl_fork";

    /// A signal ends the child as it ends a program in C and in PHP, and its parent is told which: a JVM
    /// would take SIGHUP, SIGINT and SIGTERM for a request to exit, with 128 and the number.
    private static final String NO_SIGNALS = "-Xrs";

    private Forks() {}

    /// Starts the child.
    ///
    /// @return its pid, or -1
    static int fork(Body body, Socket[] sockets) {
        requireNative();
        Arguments.requireNonNull(body, FUNCTION, 1, "body", "Body");
        for (int i = 0; i < sockets.length; i++) {
            Arguments.requireSocket(sockets[i], FUNCTION, i + 2);
        }
        StaticMethod method = methodOf(body);
        System.out.flush(); // PHP buffers nothing; what was said before the fork is seen before what the child says
        try {
            Child child = command(method, sockets).spawn();
            Children.add(child);
            return (int) child.pid();
        } catch (IOException e) {
            int errno = Errors.errnoOf(e);
            Children.lastError(errno);
            Errors.warn(FUNCTION, "Error " + errno + ": " + e.getMessage());
            return -1;
        }
    }

    private static void requireNative() {
        String why = Platform.current().whyNotNative();
        if (why != null) {
            throw new UnsupportedOperationException(FUNCTION + "(): a child can inherit no socket here: " + why);
        }
    }

    private static StaticMethod methodOf(Body body) {
        try {
            StaticMethod method = StaticMethod.of(body);
            var _ = Forked.opened(method);
            return method;
        } catch (IllegalArgumentException e) {
            throw new ValueError(FUNCTION + "(): Argument #1 ($body) " + e.getMessage());
        }
    }

    private static Command command(StaticMethod method, Socket[] sockets) throws IOException {
        Command command = JavaCommand.of(Forked.class, Forked.arguments(method, List.of(sockets)))
                .options(NO_SIGNALS)
                .command()
                .withoutSocket()
                .outliveJvm();
        for (int i = 0; i < sockets.length; i++) {
            command = command.with(Forked.FIRST + i, sockets[i].descriptor());
        }
        return command;
    }
}
