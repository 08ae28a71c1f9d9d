package dev.dyad.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.JavaProbe;
import dev.dyad.process.aot.AotCache;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The properties that say how Dyad works.
@Timeout(60)
class SettingsTest {

    private static final List<String> PROPERTIES =
            List.of("dyad.platform", "dyad.poller", "dyad.spin", "dyad.lost", "dyad.spawn", "dyad.aot");

    @Test
    void a_value_that_one_cannot_have_is_told_once_and_ends_nothing() throws Exception {
        String[] wrong = PROPERTIES.stream().map(name -> "-D" + name + "=Bogus").toArray(String[]::new);

        var result = JavaProbe.of(WaitsTwice.class).options(wrong).run();

        assertThat(result.outText()).describedAs(result.toString()).isEqualTo("hello hello Exited[code=0]\n");
        assertThat(PROPERTIES)
                .allSatisfy(name -> assertThat(result.errText())
                        .containsOnlyOnce(name + " is \"")
                        .contains("not \"Bogus\""));
        assertThat(result.errText()).contains("dyad.poller is \"epoll\", \"poll\" or not set, not \"Bogus\", which is");
    }

    @Test
    void each_value_that_one_can_have_is_told_by_nothing() throws Exception {
        var result = JavaProbe.of(WaitsTwice.class)
                .options(
                        "-Ddyad.poller=poll",
                        "-Ddyad.spin=off",
                        "-Ddyad.lost=stack",
                        "-Ddyad.spawn=each",
                        "-Ddyad.aot=off")
                .run();

        assertThat(result.toString()).isEqualTo("exit 0\nhello hello Exited[code=0]\n");
    }

    /// Spawns a child, and waits for what it says twice.
    static final class WaitsTwice {
        public static void main(String[] arguments) throws Exception {
            assertThat(AotCache.isWanted(false)).isFalse();
            try (Child child = Command.of("sh", "-c", "for i in 1 2; do sleep 0.1; printf 'hello ' >&3; done")
                    .spawn()) {
                var said = ByteBuffer.allocate(12);
                while (said.hasRemaining() && child.socket().read(said) >= 0) {}
                System.out.println(UTF_8.decode(said.flip()) + child.waitFor().toString());
            }
        }
    }
}
