package dev.dyad.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.process.Command;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Where the system has no thread left, what lasts is refused, and what ends soon is done by its caller.
@Timeout(60)
class RunningTasksTest {

    private static void refuse(String name, Runnable task) {
        throw new OutOfMemoryError("no thread for " + name);
    }

    @Test
    void a_task_is_run_by_its_caller_where_there_is_no_thread() {
        var tasks = new RunningTasks(RunningTasksTest::refuse);
        var ran = new AtomicInteger();

        tasks.start("short", ran::incrementAndGet);
        assertThatExceptionOfType(OutOfMemoryError.class)
                .isThrownBy(() -> tasks.begin("long", ran::incrementAndGet))
                .withMessage("no thread for long");
        tasks.awaitAll();

        assertThat(ran).hasValue(1);
    }

    @Test
    void a_pool_that_has_no_thread_for_a_place_is_not_started() {
        var begun = new AtomicInteger();
        var tasks = new RunningTasks((name, task) -> {
            if (begun.incrementAndGet() == 2) {
                refuse(name, task);
            }
            var _ = Thread.ofVirtual().start(task);
        });

        assertThatExceptionOfType(OutOfMemoryError.class)
                .isThrownBy(() -> new Workers(
                        WorkerPlan.of(Command.of("sleep", "100")).workers(3).settings(),
                        tasks,
                        new SubmittedRequests()))
                .withMessage("no thread for dyad-worker-1");
        assertThat(ProcessHandle.current().children()).isEmpty();
    }
}
