package dev.dyad.message.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.message.Closed;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.Requests;
import dev.dyad.message.Wire;
import dev.dyad.process.Child;
import dev.dyad.process.Exit;
import dev.dyad.process.Inherited;
import dev.dyad.process.JavaCommand;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JavaWorkerExampleTest {

    // @start region="java-worker"
    static final class UpperCase {

        public static void main(String[] arguments) throws Exception {
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
    // @end

    @Test
    void it_answers_until_the_parent_has_no_more_to_ask() throws Exception {
        try (Child worker = JavaCommand.of(UpperCase.class).command().spawn()) {
            try (Requests requests = Requests.over(MessageChannel.to(worker, Wire.framed()))) {
                assertThat(UTF_8.decode(requests.call(UTF_8.encode("hello"))).toString())
                        .isEqualTo("HELLO");
            }
            assertThat(worker.waitFor()).isEqualTo(new Exit.Exited(0));
        }
    }
}
