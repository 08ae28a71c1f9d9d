package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_POINTER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.JavaProbe;
import dev.dyad.posix.linux.Linux;
import dev.dyad.posix.linux.LinuxTables;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ErrorsTest {

    private static final int MOST = 200;

    private final Platform os = new Linux();

    static final class Strerror {
        private static final MethodHandle HANDLE = Linking.linkPlain("strerror", C_POINTER, C_INT);

        public static void main(String[] arguments) throws Throwable {
            for (int errno = 0; errno <= MOST; errno++) {
                System.out.println(Linking.string((MemorySegment) HANDLE.invokeExact(errno)));
            }
        }
    }

    /// In a JVM of its own, since `strerror` speaks the language of the environment.
    @Test
    void texts_are_those_of_strerror() throws Exception {
        String texts =
                IntStream.rangeClosed(0, MOST).mapToObj(os::errnoText).collect(Collectors.joining("\n", "", "\n"));

        assertThat(JavaProbe.of(Strerror.class).environment("LC_ALL", "C").run().toString())
                .isEqualTo("exit 0\n" + texts);
    }

    @Test
    void names_and_numbers_belong_together() {
        for (int errno = 1; errno <= MOST; errno++) {
            String name = os.errnoName(errno);
            if (name != null) {
                assertThat(os.errno(name)).isEqualTo(errno);
            }
        }
        assertThat(os.errnoName(0)).isNull();
        assertThat(os.errnoName(41)).isNull();
        assertThat(os.errnoName(-1)).isNull();
    }

    @Test
    void an_alias_has_the_number_and_not_the_name() {
        assertThat(LinuxTables.errors()).containsEntry("EWOULDBLOCK", 11).containsEntry("ENOTSUP", 95);
        assertThat(os.errnoName(os.errno("EWOULDBLOCK"))).isEqualTo("EAGAIN");
    }

    @Test
    void an_unknown_name_is_refused() {
        assertThatThrownBy(() -> os.errno("ENONE"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no error is called ENONE");
        assertThatThrownBy(() -> os.signal("SIGNONE"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no signal is called SIGNONE");
    }
}
