package dev.dyad.process;

import static dev.dyad.process.Talk.readToEnd;
import static dev.dyad.process.Talk.sh;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.dyad.harness.Await;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A child that has ended, while a process that it started still has its end.
@Tag("both")
@Timeout(60)
class GrandchildTest {

    /// Starts a process that keeps the end, says its pid, and waits for a line; the process is gone at the end.
    private static Command leaving(String farewell) {
        return sh("sleep 600 & echo $!; read line <&3; " + farewell).processGroup();
    }

    private static long pid(StreamSocket out) throws IOException {
        var line = ByteBuffer.allocate(1);
        var text = new StringBuilder();
        while (out.read(line.clear()) > 0 && line.get(0) != '\n') {
            text.append((char) line.get(0));
        }
        return Long.parseLong(text.toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_read_that_waits_ends_with_the_childs_exit(boolean virtual) throws Exception {
        try (var out = SocketPair.stream();
                Child child = leaving("exit 7").with(1, out.right()).spawn()) {
            long left = pid(out.left());
            var reading = new FutureTask<>(() -> child.socket().read(ByteBuffer.allocate(1)));
            var writing = new FutureTask<>(() -> child.socket().write(ByteBuffer.allocate(16 << 20)));
            start(virtual, reading);
            Await.until(() -> child.socket().waiters() == 1, Duration.ofSeconds(20));

            child.socket().write(UTF_8.encode("go\n"));
            start(virtual, writing);

            assertEnds(reading, new Exit.Exited(7));
            assertEnds(writing, new Exit.Exited(7));
            end(left);
            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(7));
        }
    }

    @Test
    void what_the_child_said_is_read_first() throws Exception {
        try (var out = SocketPair.stream();
                Child child = leaving("echo farewell >&3; kill -KILL $$")
                        .with(1, out.right())
                        .spawn()) {
            long left = pid(out.left());
            child.socket().write(UTF_8.encode("go\n"));
            child.waitFor();

            var words = ByteBuffer.allocate(100);
            assertThatThrownBy(() -> {
                        while (child.socket().read(words) >= 0) {}
                    })
                    .asInstanceOf(type(ChildEndedException.class))
                    .returns(new Exit.Signaled(Signal.KILL.number(), false), ChildEndedException::exit)
                    .extracting(Throwable::getMessage)
                    .isEqualTo("the child has ended (Signaled[signal=9, coreDumped=false]) and left its end to another"
                            + " process");
            assertThat(UTF_8.decode(words.flip()).toString()).isEqualTo("farewell\n");
            end(left);
            Await.until(() -> isAtEnd(child.socket()), Duration.ofSeconds(20));
        }
    }

    @Test
    void a_pair_of_ones_own_goes_on_beyond_the_child() throws Exception {
        try (var own = SocketPair.stream();
                Child child = sh("(read line <&7; echo $line $line >&7) & exit 0")
                        .with(7, own.right())
                        .spawn()) {
            own.right().close();
            child.waitFor();

            own.left().write(UTF_8.encode("twice\n"));

            assertThat(readToEnd(own.left())).isEqualTo("twice twice\n");
        }
    }

    private static void start(boolean virtual, Runnable task) {
        (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(task);
    }

    private static void assertEnds(FutureTask<?> call, Exit exit) {
        assertThatThrownBy(call::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .asInstanceOf(type(ChildEndedException.class))
                .returns(exit, ChildEndedException::exit);
    }

    private static void end(long process) {
        ProcessHandle.of(process).ifPresent(ProcessHandle::destroyForcibly);
    }

    private static boolean isAtEnd(StreamSocket end) {
        try {
            return end.read(ByteBuffer.allocate(1)) == -1;
        } catch (IOException refused) {
            return false;
        }
    }
}
