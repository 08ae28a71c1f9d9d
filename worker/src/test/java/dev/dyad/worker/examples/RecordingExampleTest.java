package dev.dyad.worker.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.message.RequestFailedException;
import dev.dyad.process.Command;
import dev.dyad.worker.WorkerPlan;
import dev.dyad.worker.Workers;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RecordingExampleTest {

    // @start region="recording"
    static RecordingStream watch(Consumer<String> alarm) {
        var recording = new RecordingStream();
        recording.enable("dyad.WorkersStatistics"); // each second
        recording.onEvent("dyad.WorkersStatistics", event -> {
            if (event.getInt("waiting") > 100) {
                alarm.accept("99 of 100 have waited up to " + event.getDuration("waited99"));
            }
        });
        recording.onEvent("dyad.WorkerFailed", event -> alarm.accept(event.getString("how")));
        recording.startAsync();
        return recording;
    }
    // @end

    @Test
    void a_program_that_watches_itself_hears_of_a_worker_that_dies() throws Exception {
        BlockingQueue<String> alarms = new LinkedBlockingQueue<>();
        try (RecordingStream _ = watch(alarms::add);
                Workers workers = WorkerPlan.of(Command.of("sh", "-c", "read line <&3; exit 7"))
                        .workers(1)
                        .start()) {
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> workers.call(UTF_8.encode("hello\n")));

            String alarm = alarms.take();
            while (!alarm.contains("Exited[code=7]")) {
                alarm = alarms.take();
            }
        }
    }
}
