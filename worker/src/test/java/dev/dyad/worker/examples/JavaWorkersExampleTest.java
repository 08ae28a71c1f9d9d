package dev.dyad.worker.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.JavaProbe;
import dev.dyad.message.Closed;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.Requests;
import dev.dyad.message.Wire;
import dev.dyad.process.Inherited;
import dev.dyad.process.JavaCommand;
import dev.dyad.worker.WorkerPlan;
import dev.dyad.worker.Workers;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JavaWorkersExampleTest {

    // @start region="java"
    static final class Worker {
        static void run(String[] arguments) throws IOException {
            try (Requests parent = Requests.over(MessageChannel.over(Inherited.socket(), Wire.framed()))) {
                parent.handler(1, request -> {
                    String asked = UTF_8.decode(request.body()).toString();
                    return UTF_8.encode(asked.toUpperCase(Locale.ROOT));
                });
                Closed how = parent.channel().onClosed().join(); // as long as the parent asks
                System.exit(how instanceof Closed.Ended ? 0 : 1); // which tells the parent whether it has failed
            }
        }
    }

    static String ask(String question) throws IOException {
        try (Workers workers =
                WorkerPlan.of(JavaCommand.of(Worker::run).aotCache()).start()) {
            return UTF_8.decode(workers.call(UTF_8.encode(question))).toString();
        }
    }
    // @end

    /// Has workers, as only a JVM that stands on its own class path can.
    static final class Asks {
        public static void main(String[] arguments) throws IOException {
            System.out.println(ask("hello"));
        }
    }

    @Test
    void a_static_method_is_a_worker() throws Exception {
        JavaProbe.Result result = JavaProbe.of(Asks.class).run();

        assertThat(result.outText()).as(result.toString()).isEqualTo("HELLO\n");
        assertThat(result.exit()).isZero();
    }
}
