package dev.dyad.socket.jfr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Event;
import jdk.jfr.Recording;
import jdk.jfr.Registered;
import org.junit.jupiter.api.Test;

class FlightRecordingTest {

    @Test
    void who_looks_on_harms_nobody_by_what_it_throws() {
        List<String> told = new ArrayList<>();

        assertThatCode(() -> {
                    FlightRecording.tell(() -> told.add("all"));
                    FlightRecording.tell(() -> {
                        throw new IllegalStateException("the recorder cannot");
                    });
                    FlightRecording.tell(() -> {
                        throw new OutOfMemoryError("the recorder cannot");
                    });
                })
                .doesNotThrowAnyException();
        assertThat(told).containsExactly("all");
    }

    @Test
    void what_cannot_be_begun_is_not_measured() throws Exception {
        try (var recording = new Recording()) {
            recording.start();
            var begun = new Looked();

            assertThat(FlightRecording.<Looked>measure(() -> begun)).isSameAs(begun);
            assertThat(FlightRecording.<Looked>measure(() -> {
                        throw new OutOfMemoryError("the recorder cannot");
                    }))
                    .isNull();
        }
    }

    @Registered(false)
    private static final class Looked extends Event {}
}
