package dev.dyad.process;

import static dev.dyad.process.Talk.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChildUsageTest {

    @Test
    void what_a_child_used_is_known_once_it_has_ended() throws Exception {
        try (Child child = sh("sleep 0.01; read line <&3").spawn()) {
            assertThatThrownBy(child::usage).isInstanceOf(IllegalStateException.class);

            child.socket().shutdownOutput();
            child.waitFor();

            assertThat(child.usage().minorFaults()).isPositive();
            assertThat(child.usage().voluntarySwitches()).isPositive(); // it slept, be the line there or not
        }
    }

    @Test
    void processor_time_is_told_for_the_program_and_for_the_kernel() throws Exception {
        try (Child counts = sh("i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done")
                        .spawn();
                Child copies = sh("exec head -c 300000000 /dev/zero >/dev/null").spawn()) {
            counts.waitFor();
            copies.waitFor();

            assertThat(counts.usage().userTime()).isPositive().isLessThan(Duration.ofMinutes(1));
            assertThat(copies.usage().systemTime()).isPositive().isLessThan(Duration.ofMinutes(1));
        }
    }

    @Test
    void what_the_child_started_and_waited_for_is_counted_as_well() throws Exception {
        try (Child child = sh("sh -c 'i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done'; exit 0")
                .spawn()) {
            child.waitFor();

            assertThat(child.usage().userTime()).isPositive();
        }
    }
}
