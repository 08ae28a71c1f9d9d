import static dev.dyad.php.Pcntl.*;
import static dev.dyad.php.Sockets.*;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.php.Ref;
import dev.dyad.php.Socket;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Inherited;
import java.util.List;

/// A worker that is there before there is work: it answers each line with its letters turned round.
///
/// - `java Worker.java` forks one, and gives it some work
/// - `java Worker.java COMMAND...`: the same, and the worker is a program of any language, on descriptor `DYAD_FD`
/// - `java Worker.java --child` is the worker, on the descriptor that is told it
public final class Worker {

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 1 && arguments[0].equals("--child")) {
            work(socket_import_stream(Inherited.socket()));
        } else if (arguments.length == 0) {
            forkAndAsk();
        } else {
            startAndAsk(arguments);
        }
    }

    static void forkAndAsk() {
        Socket[] pair = new Socket[2];
        socket_create_pair(AF_UNIX, SOCK_STREAM, 0, pair);
        int pid = pcntl_fork(Worker::child, pair);

        socket_close(pair[1]);
        ask(pair[0]);
        var status = new Ref<Integer>();
        pcntl_waitpid(pid, status);
        echo("the worker ended with " + pcntl_wexitstatus(status.value) + "\n");
    }

    static void startAndAsk(String[] command) throws Exception {
        try (Child child = Command.of(List.of(command)).spawn()) {
            ask(socket_import_stream(child.socket()));
            int code = child.waitFor() instanceof Exit.Exited exited ? exited.code() : -1;
            echo("the worker ended with " + code + "\n");
        }
    }

    static void ask(Socket worker) {
        for (String work : List.of("stressed", "drawer", "level")) {
            socket_write(worker, work + "\n");
            echo(new String(socket_read(worker, 100, PHP_NORMAL_READ), UTF_8));
        }
        socket_shutdown(worker, 1);
    }

    static void child(Socket[] pair) {
        socket_close(pair[0]);
        work(pair[1]);
    }

    static void work(Socket parent) {
        for (byte[] line = line(parent); line.length > 0; line = line(parent)) {
            var text = new StringBuilder(new String(line, UTF_8).stripTrailing());
            socket_write(parent, text.reverse().append('\n').toString());
        }
    }

    static byte[] line(Socket socket) {
        return socket_read(socket, 1000, PHP_NORMAL_READ);
    }
}
