package dev.dyad.php;

import static dev.dyad.php.Pcntl.*;
import static dev.dyad.php.Sockets.*;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Programs that fork, each run in a JVM of its own; the argument says which.
@SuppressWarnings("UnicodeInCode") // a method whose name is not ASCII is what one of them is about
final class ForkPrograms {

    private static final Socket[] PAIR = new Socket[2];

    private ForkPrograms() {}

    public static void main(String[] arguments) throws Exception {
        socket_create_pair(AF_UNIX, SOCK_STREAM, 0, PAIR);
        switch (arguments[0]) {
            case "lambda" -> {
                int pid = pcntl_fork(
                        sockets -> {
                            socket_close(sockets[1]);
                            echo("child reads " + text(socket_read(sockets[0], 100)) + "\n");
                            socket_write(sockets[0], "HELLO CHILD");
                        },
                        PAIR);
                talk(pid);
            }
            case "method" -> talk(pcntl_fork(ForkPrograms::孩子, PAIR));
            case "anything" -> ended(pcntl_fork(ForkPrograms::anything));
            case "exit" -> ended(pcntl_fork(sockets -> System.exit(3), PAIR));
            case "throw" ->
                ended(pcntl_fork(
                        sockets -> {
                            throw new IOException("nobody catches this");
                        },
                        PAIR));
            case "kill" -> {
                int pid = pcntl_fork(ForkPrograms::untilTheEnd, PAIR);
                echo("ready " + text(socket_read(PAIR[1], 1)) + "\n");
                kill("KILL", pid);
                ended(pid);
                socket_close(PAIR[0]);
                echo("then \"" + text(socket_read(PAIR[1], 10)) + "\"\n");
            }
            case "term" -> {
                int pid = pcntl_fork(ForkPrograms::untilTheEnd, PAIR);
                echo("ready " + text(socket_read(PAIR[1], 1)) + "\n");
                echo(posix_kill(pid, 0) + " " + posix_kill(pid, SIGTERM) + " " + posix_kill(pid, 65) + " "
                        + posix_strerror(posix_get_last_error()) + "\n");
                ended(pid);
                echo(posix_kill(pid, SIGTERM) + " " + posix_strerror(posix_errno()) + "\n");
            }
            case "real-time" -> { // of which the floor below has no name
                int pid = pcntl_fork(ForkPrograms::untilTheEnd, PAIR);
                echo("ready " + text(socket_read(PAIR[1], 1)) + "\n");
                echo(posix_kill(pid, 40) + "\n");
                ended(pid);
            }
            case "groups" -> groups();
            case "numbers" -> {
                socket_write(PAIR[0], getmypid() + " " + posix_getpgrp());
                ended(pcntl_fork(
                        sockets -> echo((posix_getppid() + " " + posix_getpgid(0))
                                        .equals(text(socket_read(sockets[0], 100)))
                                + " "
                                + (posix_getpid() == ProcessHandle.current().pid()) + "\n"),
                        PAIR[1]));
            }
            case "stop" -> stop();
            case "any" -> any();
            case "interrupt" -> interrupt();
            case "values" -> values();
            case "much" -> much();
            case "captured-sockets" -> capturedSockets();
            case "generations" -> generations();
            case "no-java" -> {
                System.setProperty("java.home", "/no/such");
                echo("pid " + pcntl_fork(ForkPrograms::孩子, PAIR) + ", " + pcntl_strerror(pcntl_get_last_error())
                        + "\n");
            }
            case "state" -> {
                socket_create_pair(AF_INET, SOCK_STREAM, 0, new Socket[2]);
                ended(pcntl_fork(sockets -> echo(sockets.length + " sockets, last error " + socket_last_error()
                        + ", own " + System.getProperty("own") + ", " + System.out.charset() + "\n")));
            }
            case "pair" -> pair();
            case "exhausted" -> exhausted();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /// A name that no ASCII argument can hold.
    private static void 孩子(Socket[] sockets) {
        socket_close(sockets[1]);
        echo("child reads " + text(socket_read(sockets[0], 100)) + "\n");
        socket_write(sockets[0], "HELLO CHILD");
    }

    private static int anything(Object sockets) {
        echo("called with " + sockets.getClass().getSimpleName() + "\n");
        return 7;
    }

    private static void untilTheEnd(Socket[] sockets) {
        socket_close(sockets[1]);
        socket_write(sockets[0], "!");
        socket_read(sockets[0], 1);
    }

    private static void talk(int pid) {
        socket_close(PAIR[0]);
        socket_write(PAIR[1], "HELLO PARENT");
        echo("parent reads " + text(socket_read(PAIR[1], 100)) + "\n");
        echo("then \"" + text(socket_read(PAIR[1], 100)) + "\"\n");
        ended(pid);
    }

    private static void ended(int pid) {
        var status = new Ref<Integer>();
        int waited = pcntl_waitpid(pid, status);
        echo((waited == pid && pid > 0) + " " + describe(status) + "\n");
    }

    private static String describe(Ref<Integer> ref) {
        int status = Objects.requireNonNull(ref.value);
        if (pcntl_wifexited(status)) {
            return "exited " + pcntl_wexitstatus(status);
        }
        if (pcntl_wifsignaled(status)) {
            return "signaled " + pcntl_wtermsig(status);
        }
        if (pcntl_wifstopped(status)) {
            return "stopped " + pcntl_wstopsig(status);
        }
        return pcntl_wifcontinued(status) ? "continued" : "unknown " + status;
    }

    private static void stop() throws Exception {
        int pid = pcntl_fork(ForkPrograms::untilTheEnd, PAIR);
        socket_close(PAIR[0]);
        socket_read(PAIR[1], 1);
        var status = new Ref<Integer>();
        echo("nothing yet " + pcntl_waitpid(pid, status, WNOHANG) + " " + status.value + "\n");
        kill("STOP", pid);
        echo((pcntl_waitpid(pid, status, WUNTRACED) == pid) + " " + describe(status) + "\n");
        kill("CONT", pid);
        echo((pcntl_waitpid(pid, status, WCONTINUED) == pid) + " " + describe(status) + "\n");
        socket_close(PAIR[1]);
        ended(pid);
    }

    private static void any() {
        int first = pcntl_fork(sockets -> System.exit(1));
        int second = pcntl_fork(sockets -> System.exit(1));
        var status = new Ref<Integer>();
        int sum = pcntl_waitpid(-1, status) + pcntl_waitpid(0, status);
        echo((sum == first + second) + " " + describe(status) + "\n");
        echo(pcntl_waitpid(-1, status) + " " + pcntl_waitpid(first, status) + " " + pcntl_strerror(pcntl_errno())
                + "\n");
    }

    /// What a child is told to do.
    record Job(
            String name,
            Map<String, List<Integer>> parts,
            @Nullable Job next) implements Serializable {}

    private static void values() {
        String text = "text 孩子";
        byte[] bytes = {1, 2, 3};
        long number = 1L << 40;
        Double half = 0.5;
        var list = new ArrayList<>(List.of("a", "b"));
        Job job = new Job("job", Map.of("x", List.of(1, 2)), new Job("next", Map.of(), null));
        @Nullable String nothing = null;
        int pid = pcntl_fork(
                sockets -> {
                    list.add(text + " " + bytes.length + " " + bytes[2] + " " + number + " " + half + " " + nothing);
                    bytes[0] = 9;
                    echo(list + "\n" + job + "\n" + sockets.length + " socket\n");
                },
                PAIR[0]);
        list.add("after the fork");
        ended(pid);
        echo(list + " " + bytes[0] + "\n");
    }

    private static void much() {
        byte[] bytes = new byte[5_000_000];
        bytes[4_999_999] = 7;
        ended(pcntl_fork(sockets -> System.exit(bytes.length == 5_000_000 ? bytes[4_999_999] : 1)));
    }

    /// The child has both ends, one of them twice, and is given one; the parent's are its own.
    private static void capturedSockets() {
        Socket[] pair = PAIR;
        Socket left = pair[0];
        int pid = pcntl_fork(
                sockets -> {
                    echo((sockets[0] == pair[0] && left == pair[0]) + " " + sockets.length + " "
                            + text(socket_read(pair[0], 100)) + "\n");
                    socket_write(pair[1], "from the child");
                },
                PAIR[0]);
        socket_write(PAIR[1], "from the parent");
        ended(pid);
        echo(text(socket_read(PAIR[0], 100)) + "\n");
    }

    private static void generations() {
        int pid = pcntl_fork(
                pair -> {
                    int grandchild = pcntl_fork(sockets -> System.exit(6));
                    ended(grandchild);
                    socket_write(pair[0], Integer.toString(grandchild));
                },
                PAIR[0]);
        int grandchild = Integer.parseInt(text(socket_read(PAIR[1], 100)));
        echo(pcntl_waitpid(grandchild, new Ref<>()) + " " + pcntl_strerror(pcntl_get_last_error()) + "\n");
        ended(pid);
    }

    private static void groups() {
        var status = new Ref<Integer>();
        int pid = pcntl_fork(sockets -> System.exit(4));
        echo(pcntl_waitpid(1 - getmypid(), status) + " " + pcntl_strerror(pcntl_get_last_error()) + "\n");
        echo((pcntl_waitpid(-posix_getpgrp(), status) == pid) + " " + describe(status) + "\n");
        int next = pcntl_fork(sockets -> System.exit(5));
        echo((pcntl_wait(status) == next) + " " + describe(status) + "\n");
        for (int[] wrong : new int[][] {{-1, 0x4000}, {Integer.MIN_VALUE, WNOHANG}, {0, 0}}) {
            echo(pcntl_waitpid(wrong[0], status, wrong[1]) + " " + pcntl_strerror(pcntl_get_last_error()) + "\n");
        }
    }

    private static void interrupt() {
        int pid = pcntl_fork(ForkPrograms::untilTheEnd, PAIR);
        socket_close(PAIR[0]);
        socket_read(PAIR[1], 1);
        Thread.currentThread().interrupt();
        int waited = pcntl_waitpid(pid, new Ref<>());
        echo(waited + " " + pcntl_strerror(pcntl_get_last_error()) + " " + Thread.interrupted() + "\n");
        socket_close(PAIR[1]);
        ended(pid);
    }

    /// What needs no native access.
    private static void pair() {
        for (int domain : new int[] {AF_UNIX, AF_INET}) {
            socket_create_pair(domain, SOCK_STREAM, 0, PAIR);
            socket_write(PAIR[0], "ABCdef123\nrest");
            var_dump(socket_read(PAIR[1], 100, PHP_NORMAL_READ));
            var_dump(socket_read(PAIR[1], 100));
            socket_close(PAIR[0]);
            var_dump(socket_read(PAIR[1], 100));
            socket_close(PAIR[1]);
        }
        try {
            pcntl_fork(ForkPrograms::untilTheEnd);
        } catch (UnsupportedOperationException e) {
            echo(e.getMessage() + "\n");
        }
    }

    /// Fails once while there are descriptors, for a class that is loaded from a folder needs one too.
    private static void exhausted() {
        socket_create_pair(AF_INET, SOCK_STREAM, 0, new Socket[2]);
        socket_create(AF_INET, SOCK_STREAM, 1); // so that its classes are loaded
        String home = System.setProperty("java.home", "/no/such");
        pcntl_fork(sockets -> {}, PAIR);
        System.setProperty("java.home", home);
        ended(pcntl_fork(sockets -> {}, PAIR));
        Socket[][] pairs = new Socket[100][2];
        int opened = 0;
        while (socket_create_pair(AF_UNIX, SOCK_STREAM, 0, pairs[opened])) {
            opened++;
        }
        List<Socket> others = fill(); // a pair needs two
        echo("pair " + socket_last_error() + " " + (pairs[opened][0] == null) + "\n");
        socket_clear_error();
        echo("fork " + pcntl_fork(sockets -> {}, PAIR) + " " + pcntl_get_last_error() + "\n");
        socket_close(pairs[0][0]);
        socket_close(pairs[0][1]);
        others.forEach(Socket::close);
        echo("again " + socket_create_pair(AF_UNIX, SOCK_STREAM, 0, pairs[opened]) + "\n");
    }

    private static List<Socket> fill() {
        var opened = new ArrayList<Socket>();
        Socket next = socket_create(AF_UNIX, SOCK_STREAM, 0);
        while (next != null) {
            opened.add(next);
            next = socket_create(AF_UNIX, SOCK_STREAM, 0);
        }
        return opened;
    }

    private static void kill(String signal, int pid) throws Exception {
        new ProcessBuilder("kill", "-" + signal, Integer.toString(pid)).start().waitFor();
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "false" : new String(bytes, UTF_8);
    }
}
