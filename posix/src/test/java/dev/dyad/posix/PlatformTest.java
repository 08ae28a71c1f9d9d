package dev.dyad.posix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.JavaProbe;
import dev.dyad.posix.linux.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PlatformTest {

    /// Tells what a process finds, and that the numbers are there either way.
    static final class Tells {
        public static void main(String[] arguments) {
            Platform os = Platforms.current();
            System.out.println(os.isNative() + " " + os.whyNotNative());
            System.out.println(
                    os.AF_UNIX() + " " + os.errno("EPIPE") + " " + os.errnoText(32) + " " + os.signal("SIGTERM"));
        }
    }

    private static final String NUMBERS = "1 32 Broken pipe 15";

    @Test
    void linux_has_a_room() {
        Platform os = Platforms.choose(false, false, "Linux");

        assertThat(os.whyNotNative()).isNull();
        assertThat(os.isNative()).isTrue();
        assertThat(os.libc()).matches("glibc 2\\.\\d+.*");
    }

    @Test
    void none_is_a_platform_without_calls() {
        assertThat(Platforms.choose(true, false, "Linux").whyNotNative()).isEqualTo("-Ddyad.platform=none");
    }

    @Test
    void none_refuses_every_call() {
        Platform none = Platforms.choose(true, false, "Linux");
        int refused = -none.errno("ENOSYS");

        try (var arena = Arena.ofConfined()) {
            var state = new CallState(arena);
            MemorySegment room = arena.allocate(MMsgHdr.LAYOUT);
            assertThat(List.of(
                            none.openEventQueue(state),
                            none.openWakeDescriptor(state),
                            none.currentThread(),
                            none.signalThread(state, 0, 0, 0),
                            none.accept(state, 0),
                            none.openPipe(state, room),
                            none.sendMany(state, 0, room, 1, 0),
                            none.receiveMany(state, 0, room, 1, 0),
                            none.openMemory(state, room),
                            none.openSealableMemory(state, room),
                            none.openProcess(state, 1),
                            none.signalProcess(state, 0, 0),
                            none.limitProcess(state, 0, 0, room, room),
                            none.keepExits(state),
                            none.takeExit(state, 1, room, 0, room),
                            none.addCloseFrom(room, 3)))
                    .allMatch(answer -> answer == refused);
        }
        assertThat(none.blocks()).isFalse();
        assertThat(none.closesFrom()).isFalse();
        assertThat(none).isNotInstanceOf(Linux.class);
    }

    @Test
    void a_system_without_a_room_says_so() {
        Platform os = Platforms.choose(false, false, "Windows 11");

        assertThat(os.isNative()).isFalse();
        assertThat(os.whyNotNative()).isEqualTo("Dyad makes no native calls on Windows 11 yet, only on Linux");
        assertThat(os.SOCK_STREAM()).isEqualTo(1);
    }

    @Test
    void epoll_waits_unless_poll_is_wanted() {
        assertThat(Platforms.choose(false, false, "Linux").eventQueueCall()).isEqualTo("epoll_create1");
        assertThat(Platforms.choose(false, true, "Linux").eventQueueCall()).isEqualTo("eventfd");
    }

    @Test
    void the_property_chooses() throws Exception {
        assertThat(JavaProbe.of(Tells.class).run().toString()).isEqualTo("exit 0\ntrue null\n" + NUMBERS + "\n");
        assertThat(JavaProbe.of(Tells.class)
                        .options("-Ddyad.platform=none")
                        .run()
                        .toString())
                .isEqualTo("exit 0\nfalse -Ddyad.platform=none\n" + NUMBERS + "\n");
    }

    @Test
    void denied_native_access_is_recognised_and_the_numbers_are_still_there() throws Exception {
        var result = JavaProbe.of(Tells.class)
                .withoutNativeAccess()
                .options("--illegal-native-access=deny")
                .run();

        assertThat(result.outText())
                .startsWith("false native access is denied; --enable-native-access=ALL-UNNAMED allows it: ")
                .endsWith(NUMBERS + "\n");
        assertThat(result.errText()).isEmpty();
        assertThat(result.exit()).isZero();
    }
}
