package dev.dyad.socket.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import org.junit.jupiter.api.Test;

class BackoffWaiterTest {

    @Test
    void pauses_grow_up_to_10_milliseconds() {
        var waiter = new BackoffWaiter();
        assertThat(waiter.pause()).isEqualTo(100_000);

        for (int i = 0; i < 10; i++) {
            waiter.await(0, Deadline.never(), () -> {});
        }

        assertThat(waiter.pause()).isEqualTo(10_000_000);
    }

    @Test
    void only_a_want_of_descriptors_is_waited_out() {
        assertThat(BackoffWaiter.helps(Errno.EMFILE)).isTrue();
        assertThat(BackoffWaiter.helps(Errno.ENFILE)).isTrue();
        assertThat(BackoffWaiter.helps(Errno.EBADF)).isFalse();
    }
}
