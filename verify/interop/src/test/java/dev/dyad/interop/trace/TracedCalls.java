package dev.dyad.interop.trace;

import static dev.dyad.php.Sockets.AF_UNIX;
import static dev.dyad.php.Sockets.SOCK_STREAM;
import static dev.dyad.php.Sockets.socket_close;
import static dev.dyad.php.Sockets.socket_create_pair;
import static dev.dyad.php.Sockets.socket_select;
import static dev.dyad.php.Sockets.socket_write;

import dev.dyad.harness.Await;
import dev.dyad.php.Socket;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// The program that is traced: makes each call a few times, and then once between two marks, in the order of `Traced`.
final class TracedCalls {

    private static final int WARM_UP = 3;
    private static final int LENGTH = 64;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private TracedCalls() {}

    /// Something that is called.
    interface Call {
        void make() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        try (SocketPair<StreamSocket> pair = SocketPair.stream()) {
            var buffer = ByteBuffer.allocateDirect(LENGTH);
            StreamSocket left = pair.left();
            StreamSocket right = pair.right();
            Call write = () -> left.write(buffer.clear());
            Call read = () -> right.read(buffer.clear());
            trace(() -> {}, write, read);
            trace(write, read, () -> {});
            trace(() -> writeOnceSomebodyWaits(left, right), read, () -> {});
        }
        try (Child _ = Command.of("cat").spawn()) { // or the thread that takes the exits might end meanwhile
            trace(() -> {}, TracedCalls::spawn, () -> {});
        }
        select();
        over();
        int _ = System.in.read(); // until the tracer has seen that
    }

    private static void trace(Call before, Call call, Call after) throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            before.make();
            call.make();
            after.make();
        }
        before.make();
        begin();
        call.make();
        end();
        after.make();
    }

    /// The tracer sees that this is entered.
    private static void begin() {}

    private static void end() {}

    private static void over() {}

    private static void writeOnceSomebodyWaits(StreamSocket left, StreamSocket right) {
        Thread.ofPlatform()
                .name("writer")
                .start(() -> done(() -> {
                    Await.until(() -> right.waiters() > 0, LIMIT);
                    return left.write(ByteBuffer.allocate(LENGTH));
                }));
    }

    private static <T> T done(Callable<T> call) {
        try {
            return call.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void spawn() throws Exception {
        try (Child child = Command.of("/bin/true").spawn()) {
            var _ = child.waitFor();
        }
    }

    private static void select() throws Exception {
        var pair = new Socket[2];
        if (!socket_create_pair(AF_UNIX, SOCK_STREAM, 0, pair)) {
            throw new IllegalStateException("no pair");
        }
        int _ = socket_write(pair[0], "!");
        var read = new ArrayList<Socket>();
        trace(() -> read.add(pair[1]), () -> socket_select(read, null, null, 0), read::clear);
        List.of(pair).forEach(socket -> socket_close(socket));
    }
}
