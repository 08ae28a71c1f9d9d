package dev.dyad.process.spawn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.JavaProbe;
import dev.dyad.posix.Linking;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Talk;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EnvironmentTest {

    /// What tells a process of a descriptor that its child does not have.
    private static final List<String> OTHERS = List.of(
            "DYAD_FD",
            "DYAD_INODE",
            "LISTEN_FDNAMES",
            "LISTEN_FDS",
            "LISTEN_PID",
            "LISTEN_PIDFDID",
            "NODE_CHANNEL_FD",
            "NODE_CHANNEL_SERIALIZATION_MODE",
            "NODE_UNIQUE_ID",
            "NOTIFY_SOCKET",
            "WAYLAND_SOCKET");

    static final class PassesOn {
        public static void main(String[] arguments) throws Exception {
            try (Child child = Command.of("env", "-0").fd(1).spawn()) { // a shell drops names that are no text
                System.out.print(new String(Talk.bytesToEnd(child.socket()), ISO_8859_1).replace('\0', '\n'));
            }
        }
    }

    @Test
    void a_change_takes_the_place_of_what_was_there() {
        assertThat(text(Map.of("PATH", "/x"), Map.of()))
                .contains("PATH=/x")
                .doesNotContain("PATH=" + System.getenv("PATH"));
    }

    @Test
    void null_leaves_a_variable_out() {
        assertThat(text(Collections.singletonMap("PATH", null), Map.of())).noneMatch(e -> e.startsWith("PATH="));
    }

    @Test
    void what_dyad_says_wins_and_is_said_once() {
        assertThat(text(Map.of("DYAD_FD", "9"), Map.of("DYAD_FD", "3")))
                .filteredOn(entry -> entry.startsWith("DYAD_FD="))
                .containsExactly("DYAD_FD=3");
    }

    @Test
    void what_is_left_out_by_itself_may_be_set_on_purpose() {
        assertThat(text(Map.of("LISTEN_FDS", "1"), Map.of())).contains("LISTEN_FDS=1");
    }

    @Test
    void an_empty_value_and_one_with_an_equals_sign_stay_so() {
        assertThat(text(Map.of("EMPTY", "", "EQUATION", "a=b=c"), Map.of())).contains("EMPTY=", "EQUATION=a=b=c");
    }

    @Test
    void bytes_that_are_no_text_arrive_and_others_descriptors_do_not() throws Exception {
        var probe = JavaProbe.of(PassesOn.class)
                .options("-Dstdout.encoding=UTF-8")
                .under(
                        "sh",
                        "-c",
                        "RAW=$(printf 'a\\377\\376'); export RAW; exec env \"$(printf 'N\\370=1')\" \"$@\"",
                        "sh")
                .environment("LISTEN_ADDRESS", "of the application itself");
        OTHERS.forEach(name -> probe.environment(name, "77"));

        assertThat(probe.run().outText().lines())
                .contains("RAW=a\u00ff\u00fe", "N\u00f8=1", "DYAD_FD=1", "LISTEN_ADDRESS=of the application itself")
                .noneMatch(line -> line.endsWith("=77"));
    }

    private static List<String> text(Map<String, @Nullable String> changes, Map<String, String> own) {
        try (var arena = Arena.ofConfined()) {
            var environment = new Environment();
            changes.forEach(environment::set);
            MemorySegment array = environment.strings(arena, own);
            return LongStream.of(array.toArray(ValueLayout.JAVA_LONG))
                    .takeWhile(string -> string != 0)
                    .mapToObj(MemorySegment::ofAddress)
                    .map(string -> new String(Linking.bytes(string), UTF_8))
                    .toList();
        }
    }
}
