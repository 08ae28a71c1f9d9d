package dev.dyad.php;

import dev.dyad.php.error.Arguments;
import dev.dyad.php.error.Errors;
import dev.dyad.php.process.CapturedValues;
import dev.dyad.php.process.ForkedChildren;
import dev.dyad.posix.Platforms;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.JavaCommand;
import dev.dyad.process.java.StaticMethod;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.Seal;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Starts the new JVM that stands for a forked process.
final class ForkCall {

    private static final String FUNCTION = "pcntl_fork";

    /// A signal ends the child as it ends a program in C and in PHP, and its parent is told which: a JVM
    /// would take SIGHUP, SIGINT and SIGTERM for a request to exit, with 128 and the number.
    private static final String NO_SIGNALS = "-Xrs";

    private ForkCall() {}

    /// Starts the child.
    ///
    /// @return its pid, or -1
    static int fork(ForkBody body, Socket[] sockets) {
        requireNative();
        Arguments.requireNonNull(body, FUNCTION, 1, "body", "ForkBody");
        Arguments.requireNonNull(sockets, FUNCTION, 2, "sockets", "array");
        for (int i = 0; i < sockets.length; i++) {
            Arguments.requireSocket(Socket.php(sockets[i]), FUNCTION, i + 2);
        }
        StaticMethod method = methodOf(body);
        var inherited = new ArrayList<>(List.of(sockets));
        byte[] captured = captured(method, inherited);
        System.out.flush(); // PHP buffers nothing; what was said before the fork is seen before what the child says
        try (Descriptor memory = memory(captured)) {
            Child child = command(method, inherited, sockets.length, captured.length, memory)
                    .spawn();
            ForkedChildren.add(child);
            return (int) child.pid();
        } catch (IOException e) {
            int errno = Errors.errnoOf(e);
            ForkedChildren.lastError(errno);
            Errors.warn(FUNCTION, "Error " + errno + ": " + e.getMessage());
            return -1;
        }
    }

    private static void requireNative() {
        String why = Platforms.current().whyNotNative();
        if (why != null) {
            throw new UnsupportedOperationException(FUNCTION + "(): a child can inherit no socket here: " + why);
        }
    }

    private static StaticMethod methodOf(ForkBody body) {
        try {
            StaticMethod method = StaticMethod.ofCapturing(body);
            var _ = ForkMain.opened(method);
            return method;
        } catch (IllegalArgumentException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    /// Returns what the child will read, having read it here, so that what cannot be read starts no child.
    private static byte[] captured(StaticMethod method, List<Socket> inherited) {
        if (method.captured().isEmpty()) {
            return new byte[0];
        }
        int given = inherited.size();
        byte[] captured;
        try {
            captured = CapturedValues.write(method.captured(), Socket.class, inherited);
            var _ = CapturedValues.read(
                    captured, inherited, method.method().getDeclaringClass().getClassLoader());
        } catch (NotSerializableException e) {
            throw refused("captures an object of " + e.getMessage()
                    + ", which is not Serializable: copy what it holds into a variable of the body's own before");
        } catch (IOException | ClassNotFoundException | RuntimeException | StackOverflowError e) {
            ValueError refused = refused("captures what cannot be copied: " + e);
            refused.initCause(e);
            throw refused;
        }
        if (inherited.stream().skip(given).anyMatch(socket -> !socket.php.isOpen())) {
            throw refused("captures a socket that has already been closed");
        }
        return captured;
    }

    private static ValueError refused(String why) {
        return new ValueError(FUNCTION + "(): Argument #1 ($body) " + why);
    }

    private static @Nullable Descriptor memory(byte[] captured) throws IOException {
        if (captured.length == 0) {
            return null;
        }
        Descriptor memory = Descriptor.memory(FUNCTION, captured.length, Seal.SHRINK, Seal.GROW);
        try (var arena = Arena.ofConfined()) {
            memory.map(FileChannel.MapMode.READ_WRITE, 0, captured.length, arena)
                    .copyFrom(MemorySegment.ofArray(captured));
            memory.seal(Seal.FUTURE_WRITE, Seal.SEAL); // a process that may open it cannot change what is read
            return memory;
        } catch (Throwable e) {
            memory.close();
            throw e;
        }
    }

    private static Command command(
            StaticMethod method, List<Socket> inherited, int given, int captured, @Nullable Descriptor memory)
            throws IOException {
        Command command = java(ForkMain.arguments(method, inherited, given, captured))
                .options(NO_SIGNALS)
                .command()
                .withoutSocket()
                .outliveJvm();
        for (int i = 0; i < inherited.size(); i++) {
            command = command.with(ForkMain.FIRST + i, inherited.get(i).php.system(FUNCTION));
        }
        return memory == null ? command : command.with(ForkMain.FIRST + inherited.size(), memory);
    }

    /// Returns a JVM like this one, or throws what the system said where that cannot be known now.
    private static JavaCommand java(String... arguments) throws IOException {
        try {
            return JavaCommand.of(ForkMain.class, arguments);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
