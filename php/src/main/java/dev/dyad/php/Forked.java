package dev.dyad.php;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.process.Inherited;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The main class of a child of [Sockets#pcntl_fork].
///
/// Its arguments are ASCII, so that they arrive whatever the locale: the source file or nothing, the class,
/// the method, its descriptor, the global error, and of each inherited socket, which are numbered from 3 on, its inode
/// and its error.
final class Forked {

    /// Where the child finds its first socket.
    static final int FIRST = 3;

    /// What PHP exits with after an uncaught exception.
    private static final int UNCAUGHT = 255;

    private static final String ERROR_AFTER = ":";

    private static final int FIXED_ARGUMENTS = 5;

    private Forked() {}

    /// Returns the arguments with which [#main] runs `body`.
    static String[] arguments(BodyMethod body, @Nullable SourceProgram program, List<Socket> sockets)
            throws IOException {
        var arguments = new ArrayList<String>();
        arguments.add(program == null ? "" : encode(program.file().toString()));
        arguments.add(encode(body.owner().getName()));
        arguments.add(encode(body.name()));
        arguments.add(encode(body.descriptor()));
        arguments.add(Integer.toString(Errors.last()));
        for (Socket socket : sockets) {
            arguments.add(Inherited.inode(socket.descriptor()) + ERROR_AFTER + socket.lastError());
        }
        return arguments.toArray(String[]::new);
    }

    /// Runs the body, and exits with 255 if it throws.
    public static void main(String[] arguments) {
        try {
            BodyMethod body = bodyOf(arguments);
            Socket[] sockets = socketsOf(arguments);
            Errors.set(Integer.parseInt(arguments[FIXED_ARGUMENTS - 1]));
            body.run(sockets);
        } catch (Throwable e) {
            Throwable cause = e.getCause();
            end(e instanceof InvocationTargetException && cause != null ? cause : e);
        }
    }

    private static BodyMethod bodyOf(String[] arguments) throws IOException, ClassNotFoundException {
        String file = decode(arguments[0]);
        String owner = decode(arguments[1]);
        ClassLoader loader =
                file.isEmpty() ? ClassLoader.getSystemClassLoader() : SourceCompiler.compile(Path.of(file));
        Thread.currentThread().setContextClassLoader(loader);
        return BodyMethod.find(Class.forName(owner, false, loader), decode(arguments[2]), decode(arguments[3]));
    }

    private static Socket[] socketsOf(String[] arguments) throws IOException {
        var sockets = new Socket[arguments.length - FIXED_ARGUMENTS];
        for (int i = 0; i < sockets.length; i++) {
            String[] inodeAndError = arguments[FIXED_ARGUMENTS + i].split(ERROR_AFTER);
            sockets[i] = new Socket(Inherited.descriptor(FIRST + i, Long.parseLong(inodeAndError[0]))
                    .toSystemSocket());
            sockets[i].lastError(Integer.parseInt(inodeAndError[1]));
        }
        return sockets;
    }

    private static void end(Throwable uncaught) {
        System.err.print("Exception in thread \"main\" ");
        uncaught.printStackTrace();
        System.exit(UNCAUGHT);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, UTF_8);
    }
}
