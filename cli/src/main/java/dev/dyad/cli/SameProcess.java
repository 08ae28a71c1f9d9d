package dev.dyad.cli;

import static dev.dyad.php.Sockets.AF_INET;
import static dev.dyad.php.Sockets.AF_UNIX;
import static dev.dyad.php.Sockets.PHP_BINARY_READ;
import static dev.dyad.php.Sockets.PHP_OS;
import static dev.dyad.php.Sockets.SOCK_STREAM;
import static dev.dyad.php.Sockets.echo;
import static dev.dyad.php.Sockets.socket_close;
import static dev.dyad.php.Sockets.socket_create_pair;
import static dev.dyad.php.Sockets.socket_last_error;
import static dev.dyad.php.Sockets.socket_read;
import static dev.dyad.php.Sockets.socket_strerror;
import static dev.dyad.php.Sockets.socket_write;
import static dev.dyad.php.Sockets.strlen;
import static dev.dyad.php.Sockets.var_dump;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.php.Socket;
import java.util.Arrays;
import java.util.Locale;

/// The page's first example.
final class SameProcess {

    private static final String WRITTEN = "ABCdef123\n";

    private final Page page;

    SameProcess(Page page) {
        this.page = page;
    }

    void show() throws Problem {
        page.sentence("實例一:同進程的通訊", "Example 1: within one process.");
        run(0, 1);
        page.sentence(
                "socket_create_pair創建的套接字可以進行雙工通信,可以把$sockets[0]和$sockets[1]位置對調 運行程序也是一樣的結果",
                "The pair is full-duplex: with $sockets[0] and $sockets[1] exchanged the program does the same.");
        run(1, 0);
    }

    private static void run(int writing, int reading) throws Problem {
        Socket[] sockets = new Socket[2];
        if (!socket_create_pair(domain(), SOCK_STREAM, 0, sockets)) {
            echo("socket_create_pair failed. Reason: " + socket_strerror(socket_last_error()));
        }
        int length = strlen(WRITTEN);
        if (socket_write(sockets[writing], WRITTEN, length) == -1) {
            echo("socket_write() failed. Reason: " + socket_strerror(socket_last_error(sockets[writing])));
        }
        byte[] read = socket_read(sockets[reading], length, PHP_BINARY_READ);
        if (read == null) {
            echo("socket_read() failed. Reason: " + socket_strerror(socket_last_error(sockets[reading])));
        }
        var_dump(read);
        socket_close(sockets[0]);
        socket_close(sockets[1]);
        if (!Arrays.equals(read, WRITTEN.getBytes(UTF_8))) {
            throw new Problem(1, "what was read is not what was written");
        }
    }

    /// As on the page: Windows has no socket pair of AF_UNIX.
    static int domain() {
        return PHP_OS.toUpperCase(Locale.ROOT).startsWith("WIN") ? AF_INET : AF_UNIX;
    }
}
