package dev.dyad.process.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.JavaProbe;
import dev.dyad.process.Child;
import dev.dyad.process.Inherited;
import dev.dyad.process.JavaCommand;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JavaExamplesTest {

    // @start region="java-command"
    static String ask(String question) throws IOException {
        try (Child child = JavaCommand.of(Worker::run).maxHeap(64 << 20).spawn()) {
            child.socket().write(UTF_8.encode(question));
            child.socket().shutdownOutput(); // the end of what the child reads
            return new String(child.socket().inputStream().readAllBytes(), UTF_8);
        }
    }
    // @end

    // @start region="inherited"
    static final class Worker {
        static void run(String[] arguments) throws IOException {
            try (StreamSocket parent = Inherited.socket()) {
                String question = new String(parent.inputStream().readAllBytes(), UTF_8);
                parent.write(UTF_8.encode(question.toUpperCase(Locale.ROOT)));
            }
        }
    }
    // @end

    /// Has a child, as only a JVM that stands on its own class path can.
    static final class Asks {
        public static void main(String[] arguments) throws IOException {
            System.out.println(ask("hello"));
        }
    }

    @Test
    void a_static_method_runs_in_another_jvm() throws Exception {
        assertThat(JavaProbe.of(Asks.class).run()).hasToString("exit 0\nHELLO\n");
    }
}
