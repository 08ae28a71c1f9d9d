package dev.dyad.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class JavaProbeTest {

    static final class Tells {
        public static void main(String[] arguments) {
            System.out.print(String.join(",", arguments) + " " + System.getProperty("told") + " "
                    + System.getenv("PROBE") + " " + System.getenv("HOME") + " "
                    + JavaProbe.class.getModule().isNativeAccessEnabled());
            System.err.print("bad");
            System.exit(7);
        }
    }

    static final class OpensMany {
        public static void main(String[] arguments) {
            var open = new ArrayList<SocketChannel>();
            try {
                while (open.size() < 1000) {
                    open.add(SocketChannel.open());
                }
            } catch (IOException e) {
                System.out.print(e.getMessage());
            }
        }
    }

    @Test
    void arguments_options_and_environment_arrive_and_the_answer_returns() throws Exception {
        var result = JavaProbe.of(Tells.class, "a", "b c")
                .options("-Dtold=so")
                .environment("PROBE", "1")
                .withoutEnvironment("HOME")
                .run();

        assertThat(result.exit()).isEqualTo(7);
        assertThat(result.outText()).isEqualTo("a,b c so 1 null true");
        assertThat(result.errText()).isEqualTo("bad");
    }

    @Test
    void native_access_can_be_left_out() throws Exception {
        assertThat(JavaProbe.of(Tells.class).withoutNativeAccess().run().outText())
                .endsWith("false");
    }

    @Test
    void descriptors_can_be_limited() throws Exception {
        assertThat(JavaProbe.of(OpensMany.class).descriptors(64).run().outText())
                .isEqualTo("Too many open files");
    }

    @Test
    void another_program_may_start_it() throws Exception {
        var result = JavaProbe.of(Tells.class)
                .under("sh", "-c", "PROBE=2 HOME=/nowhere exec \"$@\"", "sh")
                .run();

        assertThat(result.outText()).startsWith(" null 2 /nowhere");
    }
}
