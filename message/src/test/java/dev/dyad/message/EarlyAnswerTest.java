package dev.dyad.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.harness.Await;
import dev.dyad.message.RequestFailedException.Why;
import java.time.Duration;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is said of a long request that was not sent whole, by what its answer has come to.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class EarlyAnswerTest {

    @AfterEach
    void who_runs_the_tests_is_not_interrupted() {
        boolean _ = Thread.interrupted();
    }

    private static EarlyAnswer<String> failing(Why why, boolean mayHaveRun) {
        var answer = new EarlyAnswer<String>(() -> {
            throw new RequestFailedException(why, mayHaveRun, "on purpose", null);
        });
        answer.start();
        return answer;
    }

    private static void assertFails(EarlyAnswer<String> answer, String message, boolean mayHaveRun) {
        assertThatExceptionOfType(RequestFailedException.class)
                .isThrownBy(() ->
                        answer.orElseThrow(new RequestFailedException(Why.CHANNEL_ENDED, true, "not sent whole", null)))
                .satisfies(failed -> assertThat(failed.reason()).isEqualTo(message))
                .satisfies(failed -> assertThat(failed.mayHaveRun()).isEqualTo(mayHaveRun));
    }

    @Test
    void that_it_has_not_run_is_known_by_what_was_answered() {
        assertFails(failing(Why.CHANNEL_ENDED, false), "on purpose", false);
        assertFails(failing(Why.CHANNEL_ENDED, true), "not sent whole", true);
        assertFails(failing(Why.CANCELLED, true), "not sent whole", true);
    }

    @Test
    void that_the_other_side_failed_is_an_answer() {
        assertFails(failing(Why.ANSWERED_ERROR, true), "on purpose", true);
        assertThat(failing(Why.ANSWERED_ERROR, true).stop()).isTrue();
        assertThat(failing(Why.CHANNEL_ENDED, true).stop()).isFalse();
    }

    @Test
    void who_sends_is_told_that_nobody_takes_the_answer_and_stays_uninterrupted() {
        var answer = failing(Why.FAILED_HERE, true);
        Await.until(Thread.currentThread()::isInterrupted, Duration.ofSeconds(30));

        assertThat(answer.isUntakable()).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(failing(Why.ANSWERED_ERROR, true).stop()).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void who_sends_no_more_is_not_interrupted() {
        var answer = new EarlyAnswer<String>(() -> {
            throw new RequestFailedException(Why.FAILED_HERE, true, "on purpose", null);
        });
        assertThat(answer.isUntakable()).isFalse();
        answer.start();

        assertThat(answer.stop()).isFalse();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void an_interrupt_by_somebody_else_is_kept() {
        Thread.currentThread().interrupt();
        var answer = failing(Why.FAILED_HERE, true);
        while (answer.thread.isAlive()) {
            Thread.onSpinWait(); // what waits would clear the interrupt for a while
        }

        assertThat(answer.isUntakable()).isFalse();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void who_sends_meets_the_deadline_and_its_own_end_of_the_channel_by_itself() {
        assertThat(failing(Why.EXPIRED_RUNNING, true).stop()).isFalse();
        var ownEnd = new EarlyAnswer<String>(() -> {
            throw new RequestFailedException(new Closed.Here("on purpose"), true);
        });
        ownEnd.start();
        assertThat(ownEnd.stop()).isFalse();

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
}
