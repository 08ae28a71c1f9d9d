package dev.dyad.socket.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FdMutexTest {

    private final List<Integer> closed = new ArrayList<>();
    private final FdMutex fd = new FdMutex(7, closed::add);

    @Test
    void closes_at_once_when_no_call_is_under_way() {
        assertThat(fd.close()).isTrue();
        assertThat(closed).containsExactly(7);
    }

    @Test
    void closes_once_however_often_it_is_asked() {
        fd.close();

        assertThat(fd.close()).isFalse();
        assertThat(closed).containsExactly(7);
    }

    @Test
    void closes_when_the_last_call_leaves() throws Exception {
        assertThat(fd.acquire()).isEqualTo(7);
        fd.acquire();

        assertThat(fd.close()).isTrue();
        fd.release();
        assertThat(closed).isEmpty();
        fd.release();
        assertThat(closed).containsExactly(7);
    }

    @Test
    void refuses_calls_from_the_close_on() {
        fd.close();

        assertThatThrownBy(fd::acquire).isExactlyInstanceOf(ClosedChannelException.class);
        assertThat(fd.isClosed()).isTrue();
        assertThat(closed).containsExactly(7);
    }

    @Test
    void a_number_that_was_given_away_is_not_closed_here() throws Exception {
        assertThat(fd.give()).isEqualTo(7);
        fd.given();

        assertThat(fd.isClosed()).isTrue();
        assertThat(fd.close()).isFalse();
        assertThat(closed).isEmpty();
    }

    @Test
    void one_that_is_taken_back_is_as_it_was() throws Exception {
        int _ = fd.give();
        assertThatThrownBy(fd::acquire).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(fd::give).isExactlyInstanceOf(ClosedChannelException.class);
        fd.takeBack();

        assertThat(fd.isClosed()).isFalse();
        assertThat(fd.acquire()).isEqualTo(7);
        assertThatThrownBy(fd::give).isExactlyInstanceOf(IllegalStateException.class);
        fd.release();
        assertThat(fd.close()).isTrue();
        assertThat(closed).containsExactly(7);
    }

    @Test
    void one_that_was_closed_meanwhile_is_closed_when_it_is_taken_back() throws Exception {
        int _ = fd.give();
        assertThat(fd.close()).isTrue();
        assertThat(fd.close()).isFalse();
        assertThat(closed).isEmpty();
        fd.takeBack();

        assertThat(fd.isClosed()).isTrue();
        assertThat(closed).containsExactly(7);
        assertThat(fd.close()).isFalse();
    }
}
