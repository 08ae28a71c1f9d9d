package dev.dyad.php;

import static java.util.stream.Collectors.joining;

import dev.dyad.process.Inherited;
import dev.dyad.process.StaticMethod;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.SystemSocket;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The main class of a child of [Sockets#pcntl_fork].
///
/// Its arguments are ASCII, so that they arrive whatever the locale: the words of its [StaticMethod], the global error,
/// and of each inherited socket, which are numbered from 3 on, its inode and what the kernel does not tell of it.
final class Forked {

    /// Where the child finds its first socket.
    static final int FIRST = 3;

    /// What PHP exits with after an uncaught exception.
    private static final int UNCAUGHT = 255;

    private static final String SEPARATOR = ":";

    private static final int FIXED_ARGUMENTS = StaticMethod.WORDS + 1;

    private Forked() {}

    /// Returns the arguments with which [#main] runs `body`.
    static String[] arguments(StaticMethod body, List<Socket> sockets) throws IOException {
        var arguments = new ArrayList<>(body.words());
        arguments.add(Integer.toString(Errors.last()));
        for (Socket socket : sockets) {
            arguments.add(factsOf(socket));
        }
        return arguments.toArray(String[]::new);
    }

    private static String factsOf(Socket socket) throws IOException {
        SystemSocket system = socket.system("pcntl_fork");
        return Stream.of(
                        Inherited.inode(socket.descriptor()),
                        socket.domain(),
                        socket.lastError(),
                        system.receivesAtOnce(),
                        system.sendsAtOnce())
                .map(Object::toString)
                .collect(joining(SEPARATOR));
    }

    /// Runs the body, and exits with 255 if it throws.
    public static void main(String[] arguments) {
        try {
            Method body = opened(StaticMethod.find(List.of(arguments).subList(0, StaticMethod.WORDS)));
            Socket[] sockets = socketsOf(arguments);
            Errors.set(Integer.parseInt(arguments[FIXED_ARGUMENTS - 1]));
            body.invoke(null, (Object) sockets);
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
            Class<?> owner = method.getDeclaringClass();
            throw new IllegalArgumentException("is in package " + owner.getPackageName() + ", which "
                    + owner.getModule() + " does not open to " + Forked.class.getModule());
        }
        return method;
    }

    private static Socket[] socketsOf(String[] arguments) throws IOException {
        var sockets = new Socket[arguments.length - FIXED_ARGUMENTS];
        for (int i = 0; i < sockets.length; i++) {
            sockets[i] = socketOf(FIRST + i, arguments[FIXED_ARGUMENTS + i].split(SEPARATOR));
        }
        return sockets;
    }

    private static Socket socketOf(int number, String[] facts) throws IOException {
        Descriptor descriptor = Inherited.descriptor(number, Long.parseLong(facts[0]));
        SystemSocket system = descriptor.toSystemSocket();
        system.receiveAtOnce(Boolean.parseBoolean(facts[3]));
        system.sendAtOnce(Boolean.parseBoolean(facts[4]));
        var socket = new Socket(system, Integer.parseInt(facts[1]));
        socket.lastError(Integer.parseInt(facts[2]));
        return socket;
    }

    private static void end(Throwable uncaught) {
        System.err.print("Exception in thread \"main\" ");
        uncaught.printStackTrace();
        System.exit(UNCAUGHT);
    }
}
