package dev.dyad.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Descriptors;
import dev.dyad.harness.JavaProbe;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/// Calls that fail on purpose, in a JVM of their own: all others have nothing of it.
class FaultsTest {

    private static final int EPIPE = 32;

    /// Makes the same calls with one fault after the other.
    static final class Failing {
        private static final Calls CALLS = new Calls();
        private static final int[] PAIR = CALLS.pair();

        public static void main(String[] arguments) throws Exception {
            Faults.watch();
            say("none: " + use());
            for (int i = 0; i <= 3; i++) {
                Faults.refuse(i, EPIPE);
                say("refused: " + use());
            }
            Faults.refuse(1, "send", EPIPE);
            say("not meant: " + use());
            Faults.belie(0, EPIPE);
            say("belied: " + use());
            Faults.refuse(0, EPIPE);
            var ended = new FutureTask<>(Failing::end);
            Thread.ofPlatform().start(ended);
            say("another's: " + ended.get() + " ");
            close();
        }

        private static String use() {
            long sent = send();
            long received = SysSocket.recv(CALLS.state, PAIR[1], CALLS.room(64), CALLS.os.MSG_DONTWAIT());
            int flags = Fcntl.fcntl(CALLS.state, PAIR[1], CALLS.os.F_GETFD(), 0);
            return sent + " " + received + " " + flags + " ";
        }

        private static long send() {
            return SysSocket.send(CALLS.state, PAIR[0], CALLS.bytes("one"), CALLS.os.MSG_NOSIGNAL());
        }

        private static int end() {
            return SysSocket.shutdown(new CallState(Arena.ofAuto()), PAIR[1], CALLS.os.SHUT_WR());
        }

        private static void close() {
            Faults.refuse(0, EPIPE);
            int answer = Unistd.close(CALLS.state, PAIR[0]);
            say("close: " + answer + (Descriptors.open().containsKey(PAIR[0]) ? " still open " : " "));
        }

        private static void say(String what) {
            System.out.println(what + Faults.end());
        }
    }

    /// Fails the calls that answer the error themselves.
    static final class Plain {
        public static void main(String[] arguments) {
            try (var arena = Arena.ofConfined()) {
                MemorySegment actions = arena.allocate(Platforms.current().sizeofSpawnFileActions(), 16);
                Faults.refuse(0, EPIPE);
                System.out.println(Spawn.posix_spawn_file_actions_init(actions) + " " + Faults.end());
            }
        }
    }

    /// Makes a call, and says nothing.
    static final class Ordinary {
        public static void main(String[] arguments) {
            try (var calls = new Calls()) {
                int[] _ = calls.pair();
            }
        }
    }

    @Test
    void the_call_that_is_due_fails_and_the_others_are_made() throws Exception {
        assertThat(run(Failing.class)).isEqualTo("""
                        exit 0
                        none: 3 3 1 [send, recv, fcntl]
                        refused: -32 -11 1 [send, recv, fcntl]
                        refused: 3 -32 1 [send, recv, fcntl]
                        refused: 3 6 -32 [send, recv, fcntl]
                        refused: 3 3 1 [send, recv, fcntl]
                        not meant: 3 3 1 [send, recv, fcntl]
                        belied: -32 3 1 [send, recv, fcntl]
                        another's: 0 []
                        close: -32 [close]
                        """);
    }

    @Test
    void a_call_that_answers_the_error_itself_fails_so() throws Exception {
        assertThat(run(Plain.class)).isEqualTo("exit 0\n-32 [posix_spawn_file_actions_init]\n");
    }

    @Test
    void without_the_property_nothing_of_it_is_loaded() throws Exception {
        assertThat(JavaProbe.of(Ordinary.class)
                        .options("-Xlog:class+load")
                        .run()
                        .toString())
                .contains("dev.dyad.posix.Linking source")
                .doesNotContain("dev.dyad.posix.Faults source");
        assertThatThrownBy(Faults::watch).isInstanceOf(IllegalStateException.class);
    }

    private static String run(Class<?> main) throws Exception {
        return JavaProbe.of(main).options("-Ddyad.faults=on").run().toString();
    }
}
