package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.dyad.harness.JavaProbe;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import org.junit.jupiter.api.Test;

/// What needs `/proc` says so where it is not mounted.
class WithoutProcTest {

    /// Says how a file channel and a mapping of memory fail.
    static final class Files {
        public static void main(String[] arguments) throws Exception {
            try (Descriptor memory = Descriptor.memory("memory", 100)) {
                say(() -> memory.toFileChannel().close());
                say(() -> map(memory));
            }
        }

        private interface Use {
            void make() throws IOException;
        }

        private static void map(Descriptor memory) throws IOException {
            try (var arena = Arena.ofConfined()) {
                System.out.println(memory.map(FileChannel.MapMode.READ_ONLY, 0, 1, arena));
            }
        }

        private static void say(Use use) {
            try {
                use.make();
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void a_file_of_the_jdk_is_refused_by_a_clear_error() throws Exception {
        assumeTrue(new ProcessBuilder("unshare", "--mount", "true").start().waitFor() == 0, "no mounts of one's own");
        String script = "mount -t tmpfs none /proc && exec \"$@\"";

        var result = JavaProbe.of(Files.class)
                .environment("LD_LIBRARY_PATH", System.getProperty("java.home") + "/lib") // found by /proc otherwise
                .under("unshare", "--mount", "sh", "-c", script, "sh")
                .run();

        String said = "this needs /proc/self/fd, and /proc is not mounted\n";
        assertThat(result.toString()).isEqualTo("exit 0\n" + said + said);
    }
}
