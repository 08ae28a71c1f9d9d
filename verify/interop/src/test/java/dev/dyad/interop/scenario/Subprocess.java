package dev.dyad.interop.scenario;

import static dev.dyad.php.Pcntl.pcntl_fork;
import static dev.dyad.php.Pcntl.pcntl_waitpid;
import static dev.dyad.php.Sockets.AF_UNIX;
import static dev.dyad.php.Sockets.SOCK_STREAM;
import static dev.dyad.php.Sockets.socket_close;
import static dev.dyad.php.Sockets.socket_create_pair;
import static dev.dyad.php.Sockets.socket_read;
import static dev.dyad.php.Sockets.socket_write;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.php.Ref;
import dev.dyad.php.Socket;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// A process of `pcntl_fork` that goes through the steps that it is told.
final class Subprocess {

    private final Socket orders;
    private final int pid;
    private int awaited;

    Subprocess(Collection<Socket> sockets) {
        Socket[] pair = new Socket[2];
        if (!socket_create_pair(AF_UNIX, SOCK_STREAM, 0, pair)) {
            throw new IllegalStateException("no pair");
        }
        List<Socket> passed = new ArrayList<>(sockets);
        passed.add(pair[1]);
        orders = pair[0];
        pid = pcntl_fork(Subprocess::obey, passed.toArray(Socket[]::new));
        socket_close(pair[1]);
    }

    int pid() {
        return pid;
    }

    void send(String frame) {
        write(orders, frame);
    }

    void order(String step) {
        send(step);
        awaited++;
    }

    /// Waits for what came of the steps so far.
    List<String> answers() {
        List<String> lines = new ArrayList<>();
        for (; awaited > 0; awaited--) {
            String answer = read(orders);
            lines.addAll(
                    answer == null
                            ? List.of("the child is gone")
                            : answer.lines().toList());
        }
        return lines;
    }

    /// Waits for its end, and makes it end where the scenario hangs and is interrupted.
    void close() {
        orders.close();
        while (pcntl_waitpid(pid, new Ref<>()) == -1 && Thread.interrupted()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /// What the child does, until the parent is gone or says exit.
    private static void obey(Socket[] sockets) {
        Socket orders = sockets[sockets.length - 1];
        try {
            Interpreter interpreter = Interpreter.child(read(orders), Arrays.copyOf(sockets, sockets.length - 1));
            for (String step = read(orders); step != null; step = read(orders)) {
                if (step.startsWith("exit(")) {
                    write(orders, "");
                    System.exit(Integer.parseInt(step.substring("exit(".length(), step.length() - 1)));
                }
                write(orders, interpreter.one(step));
            }
        } catch (Exception e) {
            write(orders, e.toString());
        }
    }

    private static String read(Socket socket) {
        byte[] head = bytes(socket, Integer.BYTES * 2);
        return head.length == 0
                ? null
                : new String(bytes(socket, Integer.parseInt(new String(head, UTF_8), 16)), UTF_8);
    }

    private static byte[] bytes(Socket socket, int size) {
        var bytes = new ByteArrayOutputStream();
        while (bytes.size() < size) {
            byte[] some = socket_read(socket, size - bytes.size());
            if (some == null || some.length == 0) {
                return new byte[0];
            }
            bytes.writeBytes(some);
        }
        return bytes.toByteArray();
    }

    private static void write(Socket socket, String frame) {
        byte[] bytes = frame.getBytes(UTF_8);
        socket_write(socket, "%08x".formatted(bytes.length));
        socket_write(socket, bytes);
    }
}
