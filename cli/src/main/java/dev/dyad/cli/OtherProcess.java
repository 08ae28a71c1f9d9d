package dev.dyad.cli;

import static dev.dyad.php.Pcntl.pcntl_fork;
import static dev.dyad.php.Pcntl.pcntl_waitpid;
import static dev.dyad.php.Pcntl.pcntl_wexitstatus;
import static dev.dyad.php.Sockets.PHP_BINARY_READ;
import static dev.dyad.php.Sockets.SOCK_STREAM;
import static dev.dyad.php.Sockets.echo;
import static dev.dyad.php.Sockets.socket_close;
import static dev.dyad.php.Sockets.socket_create_pair;
import static dev.dyad.php.Sockets.socket_last_error;
import static dev.dyad.php.Sockets.socket_read;
import static dev.dyad.php.Sockets.socket_strerror;
import static dev.dyad.php.Sockets.socket_write;
import static dev.dyad.php.Sockets.strlen;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.php.Ref;
import dev.dyad.php.Socket;
import dev.dyad.posix.Platforms;
import java.util.Arrays;
import java.util.Objects;

/// The page's second example. Its child is a new JVM, since a JVM can't fork.
final class OtherProcess {

    private static final String PARENT_MESSAGE = "我是父級進程";
    private static final String CHILD_MESSAGE = "我是子進程";

    private final Page page;

    OtherProcess(Page page) {
        this.page = page;
    }

    void show() throws Problem {
        page.sentence(
                "實例二:不同進程直接的通訊(以下實例不能在window運行)", "Example 2: between processes (this one does not run on Windows).");
        String why = Platforms.current().whyNotNative();
        if (why != null) {
            page.seen("not here either: %s".formatted(why));
            return;
        }
        Socket[] sockets = new Socket[2];
        if (!socket_create_pair(SameProcess.domain(), SOCK_STREAM, 0, sockets)) {
            echo("socket_create_pair failed. Reason: " + socket_strerror(socket_last_error()));
        }
        int pid = pcntl_fork(OtherProcess::child, sockets);
        if (pid == -1) {
            throw new Problem(1, "錯誤,不能創建進程");
        }
        boolean heard = parent(sockets);
        var status = new Ref<>(0);
        pcntl_waitpid(pid, status);
        int code = pcntl_wexitstatus(Objects.requireNonNull(status.value));
        if (!heard || code != 0) {
            throw new Problem(1, "parent and child did not hear each other");
        }
        page.sentence("注: 1、需要開啟sockets和 pcntl 擴展", "Note: PHP needs its extensions sockets and pcntl for this.");
        page.seen("no extension: the JDK calls the C library by itself");
    }

    private static boolean parent(Socket[] sockets) {
        socket_close(sockets[0]);
        if (socket_write(sockets[1], PARENT_MESSAGE, strlen(PARENT_MESSAGE)) == -1) {
            echo("socket_write() failed. Reason: " + socket_strerror(socket_last_error(sockets[1])));
        }
        boolean heard = reads(sockets[1], CHILD_MESSAGE);
        if (heard) {
            echo("父進程收到子進程信息: " + CHILD_MESSAGE + "\n");
        }
        socket_close(sockets[1]);
        return heard;
    }

    /// What the child process runs.
    static void child(Socket[] sockets) {
        socket_close(sockets[1]);
        if (socket_write(sockets[0], CHILD_MESSAGE, strlen(CHILD_MESSAGE)) == -1) {
            echo("socket_write() failed. Reason: " + socket_strerror(socket_last_error(sockets[0])));
        }
        if (!reads(sockets[0], PARENT_MESSAGE)) {
            System.exit(1);
        }
        echo("子進程收到父進程信息: " + PARENT_MESSAGE + "\n");
        socket_close(sockets[0]);
    }

    private static boolean reads(Socket socket, String message) {
        return Arrays.equals(socket_read(socket, strlen(message), PHP_BINARY_READ), message.getBytes(UTF_8));
    }
}
