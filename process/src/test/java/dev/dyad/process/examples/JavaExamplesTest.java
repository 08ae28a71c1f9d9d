package dev.dyad.process.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.JavaProbe;
import dev.dyad.process.Child;
import dev.dyad.process.Inherited;
import dev.dyad.process.JavaCommand;
import dev.dyad.process.StaticMethod;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.io.Serializable;
import java.lang.reflect.Method;
import java.util.List;
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

    // @start region="static-method"
    interface Job extends Runnable, Serializable {}

    static List<String> wordsOf(Job job) {
        return StaticMethod.of(job).words(); // to be sent to another JVM
    }

    static void run(List<String> words) throws Exception { // in the other JVM
        Method method = StaticMethod.find(words).method();
        method.setAccessible(true);
        method.invoke(null);
    }
    // @end

    private static int runs;

    private static void count() {
        runs++;
    }

    @Test
    void the_name_of_a_static_method_is_enough_to_run_it() throws Exception {
        runs = 0;

        run(wordsOf(JavaExamplesTest::count));

        assertThat(runs).isOne();
    }
}
