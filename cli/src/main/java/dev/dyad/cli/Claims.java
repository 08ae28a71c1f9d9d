package dev.dyad.cli;

import static dev.dyad.php.Sockets.AF_INET;
import static dev.dyad.php.Sockets.AF_UNIX;
import static dev.dyad.php.Sockets.SOCK_DGRAM;
import static dev.dyad.php.Sockets.SOCK_STREAM;
import static dev.dyad.php.Sockets.onWarning;
import static dev.dyad.php.Sockets.socket_create_pair;
import static dev.dyad.php.Sockets.socket_last_error;
import static dev.dyad.php.Sockets.socket_strerror;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.php.Socket;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;

/// What the page says before its examples: which end reads what, and when a read waits.
final class Claims {

    private static final int PATIENCE = 100;

    private final Page page;

    Claims(Page page) {
        this.page = page;
    }

    void show() throws IOException, Problem {
        page.seen("socket_create_pair");
        page.sentence("創建一對無名的套接字,并將它們存儲在一個數組中", "It makes a pair of unnamed sockets and stores them in an array.");
        try (var pair = SocketPair.stream()) {
            StreamSocket[] s = {pair.left(), pair.right()};
            page.seen("s[0] and s[1] are open, and there is neither a port nor a path to find them by");
            duplex(s);
            onlyAtTheOther(s);
            blocking(s);
        }
        parameters();
    }

    private void duplex(StreamSocket[] s) throws IOException, Problem {
        page.sentence("這對套接字可以進行雙工通信,每一個描述符既可以讀也可以寫", "The pair is full-duplex: each end can be read and written.");
        crossing(s, 0);
        crossing(s, 1);
        page.sentence("這個在同一個進程中也可以進行通信", "That works within one process, too.");
        page.seen(
                "both ends are in process %d".formatted(ProcessHandle.current().pid()));
    }

    private void onlyAtTheOther(StreamSocket[] s) throws IOException, Problem {
        page.sentence(
                "向s[0]中寫入,就可以從s[1]中讀取(只能從s[1]中讀取)", "What is written to s[0] is read from s[1], and only from s[1].");
        write(s, 0);
        waits(s, 0, "s[0], where it was written,");
        reads(s, 1);
        page.sentence("也可以在s[1]中寫入,然后從s[0]中讀取", "What is written to s[1] is read from s[0].");
        write(s, 1);
        waits(s, 1, "s[1], where it was written,");
        reads(s, 0);
    }

    private void blocking(StreamSocket[] s) throws IOException, Problem {
        page.sentence("但是,若沒有在0端寫入,而從1端讀取,則1端的讀取操作會阻塞", "If nothing was written at end 0, a read at end 1 blocks.");
        waits(s, 1, "s[1]");
        page.sentence("即使在1端寫入,也不能從1讀取,仍然阻塞", "A write at end 1 does not change that: end 1 still blocks.");
        write(s, 1);
        waits(s, 1, "s[1]");
        reads(s, 0);
        page.sentence("反之亦然", "And the other way round.");
        waits(s, 0, "s[0]");
        write(s, 0);
        waits(s, 0, "s[0]");
        reads(s, 1);
    }

    private void crossing(StreamSocket[] s, int from) throws IOException, Problem {
        write(s, from);
        reads(s, 1 - from);
    }

    private void write(StreamSocket[] s, int at) throws IOException {
        s[at].write(UTF_8.encode("from " + at));
        page.seen("wrote \"from %d\" at s[%d]".formatted(at, at));
    }

    private void reads(StreamSocket[] s, int at) throws IOException, Problem {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        s[at].read(buffer, Deadline.after(Duration.ofSeconds(10)));
        String read = UTF_8.decode(buffer.flip()).toString();
        page.seen("read \"%s\" at s[%d]".formatted(read, at));
        require(read.equals("from " + (1 - at)), "s[" + at + "] read something else than was written");
    }

    private void waits(StreamSocket[] s, int at, String where) throws IOException, Problem {
        try {
            s[at].read(ByteBuffer.allocate(100), Deadline.after(Duration.ofMillis(PATIENCE)));
        } catch (SocketTimeoutException expected) {
            page.seen("a read at %s has nothing: it was still waiting after %d ms".formatted(where, PATIENCE));
            return;
        }
        throw new Problem(1, "a read at " + where + " did not wait");
    }

    private void parameters() throws Problem {
        page.sentence("bool socket_create_pair ( int $domain , int $type , int $protocol , array &$fd )");
        page.sentence(
                "domain 為創建的套接字指定協議; type, protocol 套接字使用的類型; fd 包含兩個套接字資源的引用數組",
                "domain: the protocol family; type, protocol: the kind of socket; fd: an array for the two sockets.");
        page.seen("AF_UNIX is %d, AF_INET is %d, SOCK_STREAM is %d, SOCK_DGRAM is %d"
                .formatted(AF_UNIX, AF_INET, SOCK_STREAM, SOCK_DGRAM));
        page.sentence("返回值: 成功 true, 失敗 false", "Returns true for success and false for failure.");
        Socket[] fd = new Socket[2];
        boolean made = socket_create_pair(AF_UNIX, SOCK_STREAM, 0, fd);
        page.seen("socket_create_pair(AF_UNIX, SOCK_STREAM, 0, fd) is %b".formatted(made));
        require(made, "there was no pair");
        closeBoth(fd);
        failure();
    }

    private void failure() throws Problem {
        page.sentence(
                "返回失敗,錯誤代碼會傳入 socket_last_error() ,如果將此參數傳入 socket_strerror() 則可以得到錯誤的文字說明",
                "After a failure socket_last_error() has the error code, and socket_strerror() its text.");
        var before = onWarning(page::seen); // PHP prints it too
        boolean made = socket_create_pair(AF_UNIX, SOCK_STREAM, 77, new Socket[2]);
        onWarning(before);
        int error = socket_last_error();
        page.seen("socket_create_pair(AF_UNIX, SOCK_STREAM, 77, fd) is %b".formatted(made));
        page.seen("socket_last_error() is %d, socket_strerror(%d) is \"%s\""
                .formatted(error, error, socket_strerror(error)));
        require(!made && error != 0, "there was no error for a protocol that does not exist");
    }

    private static void closeBoth(Socket[] fd) {
        fd[0].close();
        fd[1].close();
    }

    private static void require(boolean seen, String otherwise) throws Problem {
        if (!seen) {
            throw new Problem(1, otherwise);
        }
    }
}
