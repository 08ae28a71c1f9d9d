package dev.dyad.php;

import static java.util.stream.Collectors.joining;

import dev.dyad.php.error.Errors;
import dev.dyad.php.process.CapturedValues;
import dev.dyad.php.socket.PhpSocket;
import dev.dyad.process.Inherited;
import dev.dyad.process.java.StaticMethod;
import dev.dyad.process.java.StaticMethodMain;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.fd.RawSocket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The main class of a child of [Pcntl#pcntl_fork].
///
/// Its arguments are ASCII, so that they arrive whatever the locale: the words of its [StaticMethod], the global error,
/// how many sockets the body is given, the length of what it captured, and of each inherited socket, which are numbered
/// from 3 on, its inode and what the kernel does not tell of it. What it captured is memory with the number behind
/// them.
final class ForkMain {

    /// Where the child finds its first socket.
    static final int FIRST = 3;

    /// What PHP exits with after an uncaught exception.
    private static final int UNCAUGHT = 255;

    private static final String SEPARATOR = ":";

    private static final int ERROR = StaticMethod.WORDS;
    private static final int GIVEN = ERROR + 1;
    private static final int CAPTURED = GIVEN + 1;
    private static final int FIXED_ARGUMENTS = CAPTURED + 1;

    private ForkMain() {}

    /// Returns the arguments with which [#main] runs `body`.
    ///
    /// @param sockets those that the child inherits
    /// @param given how many of them the body is given
    /// @param captured how long that is which it captured
    static String[] arguments(StaticMethod body, List<Socket> sockets, int given, int captured) throws IOException {
        var arguments = new ArrayList<>(body.words());
        arguments.add(Integer.toString(Errors.last()));
        arguments.add(Integer.toString(given));
        arguments.add(Integer.toString(captured));
        for (Socket socket : sockets) {
            arguments.add(factsOf(socket));
        }
        return arguments.toArray(String[]::new);
    }

    private static String factsOf(Socket socket) throws IOException {
        RawSocket system = socket.php.system("pcntl_fork");
        return Stream.of(
                        Inherited.inode(system),
                        socket.php.domain(),
                        socket.php.lastError(),
                        system.receivesAtOnce(),
                        system.sendsAtOnce())
                .map(Object::toString)
                .collect(joining(SEPARATOR));
    }

    /// Runs the body, and exits with 255 if it throws.
    public static void main(String[] arguments) {
        try {
            Method body = opened(StaticMethod.find(List.of(arguments).subList(0, StaticMethod.WORDS)));
            List<Socket> sockets = socketsOf(arguments);
            var parameters = new ArrayList<@Nullable Object>(captured(
                    Integer.parseInt(arguments[CAPTURED]),
                    sockets,
                    body.getDeclaringClass().getClassLoader()));
            parameters.add(
                    sockets.subList(0, Integer.parseInt(arguments[GIVEN])).toArray(Socket[]::new));
            Errors.set(Integer.parseInt(arguments[ERROR]));
            body.invoke(null, parameters.toArray());
        } catch (Throwable e) {
            Throwable cause = e.getCause();
            end(e instanceof InvocationTargetException && cause != null ? cause : e);
        }
    }

    /// Returns a body that we may call.
    ///
    /// @throws IllegalArgumentException if its module does not let us
    static Method opened(StaticMethod body) {
        Method method = body.method();
        if (!method.trySetAccessible()) {
            throw StaticMethodMain.notOpened(method, ForkMain.class, ForkMain.class.getPackageName());
        }
        return method;
    }

    private static List<Socket> socketsOf(String[] arguments) throws IOException {
        var sockets = new ArrayList<Socket>();
        for (int i = FIXED_ARGUMENTS; i < arguments.length; i++) {
            sockets.add(socketOf(FIRST + sockets.size(), arguments[i].split(SEPARATOR, -1)));
        }
        return sockets;
    }

    private static List<@Nullable Object> captured(int size, List<Socket> sockets, @Nullable ClassLoader loader)
            throws IOException, ClassNotFoundException {
        if (size == 0) {
            return List.of();
        }
        try (Descriptor descriptor = Descriptor.adopt(FIRST + sockets.size());
                var arena = Arena.ofConfined()) {
            byte[] bytes = descriptor
                    .map(FileChannel.MapMode.READ_ONLY, 0, size, arena)
                    .toArray(ValueLayout.JAVA_BYTE);
            return Arrays.asList(CapturedValues.read(bytes, sockets, loader));
        }
    }

    private static Socket socketOf(int number, String[] facts) throws IOException {
        int fd = Inherited.descriptor(number, Long.parseLong(facts[0])).release();
        RawSocket system = RawSocket.adopt(fd);
        system.receiveAtOnce(Boolean.parseBoolean(facts[3]));
        system.sendAtOnce(Boolean.parseBoolean(facts[4]));
        var socket = new PhpSocket(system, Integer.parseInt(facts[1]));
        socket.lastError(Integer.parseInt(facts[2]));
        return new Socket(socket);
    }

    private static void end(Throwable uncaught) {
        System.err.print("Exception in thread \"main\" ");
        uncaught.printStackTrace();
        System.exit(UNCAUGHT);
    }
}
