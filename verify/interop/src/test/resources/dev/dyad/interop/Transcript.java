import static dev.dyad.php.Pcntl.*;
import static dev.dyad.php.Sockets.*;

import dev.dyad.php.PhpError;
import dev.dyad.php.Ref;
import dev.dyad.php.Socket;
import java.util.List;

/// What Java says; transcript.php does the same, line by line.
class Transcript {

    interface Call {
        Object answer();
    }

    static Socket[] pair() {
        Socket[] pair = new Socket[2];
        socket_create_pair(AF_UNIX, SOCK_STREAM, 0, pair);
        return pair;
    }

    static void shown(Call call) {
        try {
            Object answer = call.answer();
            if (answer instanceof Integer n) {
                echo(n == -1 ? "bool(false)\n" : "int(" + n + ")\n");
            } else if (answer instanceof Boolean b) {
                echo("bool(" + b + ")\n");
            } else {
                var_dump((byte[]) answer);
            }
        } catch (PhpError e) {
            echo(e.getClass().getSimpleName().replace("PhpError", "Error") + ": " + e.getMessage() + "\n");
        }
    }

    static void slots(Socket[] pair) {
        echo("slots " + socket_last_error() + " " + socket_last_error(pair[0]) + " " + socket_last_error(pair[1])
                + "\n");
    }

    public static void main(String[] arguments) {
        onWarning(text -> echo("warning " + text + "\n"));
        for (int errno = -20; errno <= 200; errno++) {
            echo(socket_strerror(errno) + "\n");
        }
        for (int errno : List.of(-9999, -10000, -10001, -10002, -10003, -10004, -10005, -20000, -2147483648)) {
            echo(socket_strerror(errno) + "\n");
        }
        refused();
        read();
        write();
        fork();
    }

    static void refused() {
        echo("-- refused pairs\n");
        for (int domain : List.of(AF_UNIX, AF_INET, AF_INET6)) {
            for (int type : List.of(-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)) {
                for (int protocol : List.of(-1, 0, 1, 2, 6, 17, 41, 99, 255, 256, 262, 2147483647)) {
                    if (domain == AF_UNIX
                            && List.of(2, 3, 5).contains(type)
                            && List.of(0, 1).contains(protocol)) {
                        continue;
                    }
                    Socket[] pair = new Socket[2];
                    shown(() -> socket_create_pair(domain, type, protocol, pair));
                    echo(socket_last_error() + " " + (pair[0] == null ? "untouched" : "a pair") + "\n");
                }
            }
        }
        shown(() -> socket_create_pair(3, 99, 0, new Socket[2]));
    }

    static void read() {
        echo("-- read\n");
        socket_clear_error();
        Socket[] pair = pair();
        slots(pair);
        socket_write(pair[0], "hello\r\nworld\n\0x");
        shown(() -> socket_read(pair[1], 3));
        shown(() -> socket_read(pair[1], 100));
        shown(() -> socket_read(pair[1], 0));
        shown(() -> socket_read(pair[1], -1));
        socket_write(pair[0], "abc");
        shown(() -> socket_read(pair[1], 2, 0));
        shown(() -> socket_read(pair[1], 2, 99));
        socket_write(pair[0], "ab\r\ncd\nxyzabcd\na\0b\n");
        shown(() -> socket_read(pair[1], 100, PHP_NORMAL_READ));
        shown(() -> socket_read(pair[1], 100, PHP_NORMAL_READ));
        shown(() -> socket_read(pair[1], 100, PHP_NORMAL_READ));
        shown(() -> socket_read(pair[1], 3, PHP_NORMAL_READ));
        shown(() -> socket_read(pair[1], 4, PHP_NORMAL_READ));
        shown(() -> socket_read(pair[1], 4, PHP_NORMAL_READ));
        shown(() -> socket_read(pair[1], 4, PHP_NORMAL_READ));
        slots(pair);
        socket_write(pair[0], "answer");
        socket_write(pair[1], "never read");
        socket_close(pair[0]);
        shown(() -> socket_read(pair[1], 100));
        shown(() -> socket_read(pair[1], 100));
        shown(() -> socket_read(pair[1], 100));
        echo(socket_last_error() + " " + socket_last_error(pair[1]) + "\n");
    }

    static void write() {
        echo("-- write\n");
        Socket[] pair = pair();
        slots(pair);
        shown(() -> socket_write(pair[0], "hello"));
        shown(() -> socket_write(pair[0], "hello", 2));
        shown(() -> socket_write(pair[0], "hello", 100));
        shown(() -> socket_write(pair[0], "hello", 0));
        shown(() -> socket_write(pair[0], ""));
        shown(() -> socket_write(pair[0], "我是父級進程", strlen("我是")));
        shown(() -> socket_write(pair[0], "hello", -1));
        shown(() -> socket_read(pair[1], 100));
        socket_close(pair[1]);
        shown(() -> socket_write(pair[0], "x"));
        echo(socket_last_error() + " " + socket_last_error(pair[0]) + "\n");
        socket_clear_error(pair[0]);
        echo(socket_last_error() + " " + socket_last_error(pair[0]) + "\n");
        socket_clear_error();
        echo(socket_last_error() + "\n");

        echo("-- closed\n");
        shown(() -> socket_read(pair[1], -1));
        shown(() -> socket_write(pair[1], "x", -1));
        shown(() -> socket_last_error(pair[1]));
        try {
            socket_close(pair[1]);
        } catch (PhpError e) {
            echo("Error: " + e.getMessage() + "\n");
        }
        try {
            socket_clear_error(pair[1]);
        } catch (PhpError e) {
            echo("Error: " + e.getMessage() + "\n");
        }
    }

    static void fork() {
        echo("-- fork\n");
        var status = new Ref<Integer>();
        int pid = 0;
        for (int code : List.of(0, 3, 255)) {
            Socket[] pair = pair();
            pid = pcntl_fork(Transcript::child, pair);
            socket_close(pair[0]);
            socket_write(pair[1], Integer.toString(code));
            shown(() -> socket_read(pair[1], 100));
            pcntl_waitpid(pid, status);
            shown(() -> socket_read(pair[1], 100));
            echo(status.value + " " + pcntl_wexitstatus(status.value) + "\n");
        }
        echo("int(" + pcntl_waitpid(pid, status) + ")\n");
        for (int word : List.of(0, 0x300, 9, 0x8b, 0x137f, 0xffff)) {
            shown(() -> pcntl_wifexited(word));
            shown(() -> pcntl_wifsignaled(word));
            shown(() -> pcntl_wifstopped(word));
            shown(() -> pcntl_wifcontinued(word));
            shown(() -> pcntl_wexitstatus(word));
            shown(() -> pcntl_wtermsig(word));
            shown(() -> pcntl_wstopsig(word));
        }
    }

    static void child(Socket[] pair) {
        socket_close(pair[1]);
        socket_write(pair[0], "HELLO CHILD");
        System.exit(Integer.parseInt(new String(socket_read(pair[0], 100))));
    }
}
